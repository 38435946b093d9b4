"""docs/derivation.md against the code: its references, its numbers and its claims."""

import inspect
import re
from itertools import product
from math import log
from pathlib import Path

import numpy as np
import pytest

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from skipgram import equations
from skipgram.equations import (
    corpora,
    cross_entropy,
    grouped_negative_sampling,
    held_out,
    keep_probability,
    log_sigmoid,
    naive_softmax,
    negative_sampling,
    noise_distribution,
    sgd_step,
    sigmoid,
    sigmoid_gradient,
    skip_gram,
    softmax,
    spelling,
    with_negatives,
)
from skipgram.errors import SettingsError

ROOT = Path(__file__).parents[2]
DERIVATION = (ROOT / "docs" / "derivation.md").read_text(encoding="utf-8")
FUNCTIONS = {
    name: getattr(module, name)
    for module in (equations, held_out, corpora, spelling)
    for name in module.__all__
    if inspect.isfunction(getattr(module, name))
}

# References


def references_in_the_document() -> set[tuple[int, str]]:
    """(equation, function) for each "Code:" line and the equation above it."""
    found = set()
    for part in DERIVATION.split(r"\tag{")[1:]:
        number = int(part.partition("}")[0])
        # The line stands between this equation and the next, or the next heading.
        for line in re.findall(r"^Code: (.*)$", part, flags=re.MULTILINE):
            names = re.findall(r"`(?:perplexity_|corpus_|spelling_)?equations\.(\w+)`", line)
            found |= {(number, name) for name in names}
    return found


def cited(docstring: str) -> set[int]:
    """The numbers in "Equation (7)", "Equations (5) and (6)" and "Equations (7) to (10)"."""
    found: set[int] = set()
    for text in re.findall(r"Equations? ((?:\(\d+\)(?:, | and | to )?)+)", docstring):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        found |= set(range(numbers[0], numbers[-1] + 1) if " to " in text else numbers)
    return found


def references_in_the_code() -> set[tuple[int, str]]:
    """(equation, function) for each equation that a function's docstring cites."""
    return {
        (number, name)
        for name, function in FUNCTIONS.items()
        for number in cited(inspect.getdoc(function) or "")
    }


def test_the_equations_are_numbered_in_order():
    tags = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", DERIVATION)]
    assert tags == list(range(1, len(tags) + 1))
    assert len(tags) > 30


def test_every_equation_that_names_a_function_is_named_by_it_and_the_other_way_round():
    assert references_in_the_document() == references_in_the_code()


def test_every_public_function_names_its_equation():
    assert {name for _, name in references_in_the_code()} == set(FUNCTIONS)


def test_every_equation_that_the_text_refers_to_exists():
    last = DERIVATION.count(r"\tag{")
    mentioned = {int(number) for number in re.findall(r"(?<!\w)\((\d{1,2})\)", DERIVATION)}
    assert mentioned
    assert mentioned <= set(range(1, last + 1))


def test_the_table_of_contents_leads_to_every_section():
    headings = re.findall(r"^## (.*)$", DERIVATION, flags=re.MULTILINE)
    slugs = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]
    contents = re.findall(r"^- \[(.*)\]\(#(.*)\)$", DERIVATION, flags=re.MULTILINE)
    assert contents == list(zip(headings, slugs, strict=True))


def test_the_files_that_the_document_links_to_exist():
    links = re.findall(r"\]\((\.\./[^)]*)\)", DERIVATION)
    assert links
    for link in links:
        assert (ROOT / "docs" / link).exists(), link


def test_the_mathematics_survives_markdown():
    # Outside code, markdown takes a backslash before punctuation for itself.
    assert not re.findall(r"\\[,;:!{}_*#]", DERIVATION)


# The worked example


def worked_example() -> dict[str, tuple[str, str]]:
    """The rows of the table: quantity, its exact value, its decimals."""
    section = DERIVATION.partition("## A worked example")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.*), \(\d+\) \| `(.*)` \| `(.*)` \|$", section, flags=re.MULTILINE)
    return {quantity: (exact, decimals) for quantity, exact, decimals in rows}


def computed_example() -> dict[str, object]:
    v_c = np.log([2.0, 3.0])
    U = np.array([[1.0, 1.0], [1.0, 0.0], [2.0, 0.0]])
    V = np.array([[5.0, 6.0], v_c, [7.0, 8.0]])  # the center word is 1; no other row matters
    c, o, negatives = 1, 0, [1, 2, 1]
    scores = U @ v_c
    naive = naive_softmax(v_c, o, U)
    negative = negative_sampling(v_c, o, negatives, U)
    window = skip_gram(c, [0, 2], V, U)
    new_V, new_U = sgd_step(V, U, skip_gram(c, [o], V, U), learning_rate=0.3)
    return {
        "scores": scores,
        "prediction": softmax(scores),
        "naive softmax: loss": naive.loss,
        "naive softmax: by v_c": naive.center,
        "naive softmax: by U": naive.outside,
        "logistic function": sigmoid(scores),
        "its derivative": sigmoid_gradient(scores),
        "negative sampling: loss": negative.loss,
        "negative sampling: by v_c": negative.center,
        "negative sampling: by U": negative.outside,
        "window: loss": window.loss,
        "window: by v_c": window.V[c],
        "window: by U": window.U,
        "the new v_c": new_V[c],
        "the new U": new_U,
    }


def test_the_worked_example_shows_what_is_computed_here():
    assert list(worked_example()) == list(computed_example())


@pytest.mark.parametrize("quantity", computed_example())
def test_the_worked_example_is_what_the_functions_return(quantity):
    computed = computed_example()[quantity]
    exact, decimals = worked_example()[quantity]
    names = {"a": log(2), "b": log(3), "log": log}
    assert_close(computed, eval(exact, names), EXACT)
    assert_close(computed, eval(decimals), 0.5000001e-6, relative=False)


# The claims that the derivation makes in passing


def test_one_minus_the_logistic_function_is_zero_where_the_derivative_is_not():
    assert 1 - sigmoid(38.0) == 0
    assert_close(sigmoid_gradient(38.0) / np.exp(-38), 1.0, EXACT)


def test_the_quotient_of_two_exponentials_is_no_number_where_the_logistic_function_is_one():
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(np.exp(800.0) / (np.exp(800.0) + 1))
    assert sigmoid(800.0) == 1


def test_counting_repeated_negatives_once_leaves_a_third_and_a_half_of_their_rows():
    V, U = np.random.default_rng(0).standard_normal((2, 5, 3))
    right = negative_sampling(V[1], 2, [0, 0, 3, 0, 3], U).outside
    once = negative_sampling(V[1], 2, [0, 3], U).outside
    assert_close(once[0], right[0] / 3, EXACT)
    assert_close(once[3], right[3] / 2, EXACT)


def test_a_row_times_a_vector_is_one_number_where_the_shapes_happen_to_agree():
    V, U = np.random.default_rng(0).standard_normal((2, 4, 4))
    error = softmax(U @ V[1]) - np.eye(4)[2]
    assert np.ndim(error.T @ V[1]) == 0
    assert naive_softmax(V[1], 2, U).outside.shape == (4, 4)


def test_a_column_and_a_flat_vector_differ_by_a_table_which_the_cross_entropy_refuses():
    y, y_hat = np.eye(3)[:, [1]], np.full(3, 1 / 3)
    assert (y - y_hat).shape == (3, 3)
    with pytest.raises(SettingsError):
        cross_entropy(y, y_hat)


def test_the_golden_ratio_squared_is_where_words_begin_to_be_dropped():
    shares = np.array([0.2617, 0.2619, 1 - 0.2617 - 0.2619])
    always, _, _ = keep_probability(shares, threshold=0.1) == 1
    assert always
    assert keep_probability(shares, threshold=0.1)[1] < 1


def word_by_word(v_c, o, negatives, U, learning_rate):
    """The step of word2vec.c: each outside vector moves before the next is looked at."""
    U = U.copy()
    move = np.zeros_like(v_c)
    for w, truth in [(o, 1), *((k, 0) for k in negatives)]:
        error = sigmoid(U[w] @ v_c) - truth
        move -= learning_rate * error * U[w]
        U[w] -= learning_rate * error * v_c
    return v_c + move, U


@pytest.mark.parametrize(("negatives", "same"), [([0, 3, 4], True), ([0, 3, 0], False)])
def test_word_by_word_is_the_exact_step_unless_a_word_repeats(negatives, same):
    V, U = np.random.default_rng(0).standard_normal((2, 5, 3))
    gradients = skip_gram(1, [2], V, U, with_negatives(negatives))
    exact_V, exact_U = sgd_step(V, U, gradients, 0.1)
    other_v_c, other_U = word_by_word(V[1], 2, negatives, U, 0.1)
    distance = max(abs(exact_V[1] - other_v_c).max(), abs(exact_U - other_U).max())
    assert distance < EXACT if same else distance > 1e-4


def test_the_cost_in_outside_rows_is_the_vocabulary_or_the_draws():
    V, U = np.random.default_rng(0).standard_normal((2, 30, 3))
    negatives = [0, 3, 4, 4]
    rows = {
        "naive softmax": naive_softmax(V[1], 2, U).outside,
        "negative sampling": negative_sampling(V[1], 2, negatives, U).outside,
        "grouped": grouped_negative_sampling([1, 5, 7], 2, negatives, V, U).U,
    }
    changed = {name: int(by_U.any(axis=1).sum()) for name, by_U in rows.items()}
    assert changed == {"naive softmax": 30, "negative sampling": 4, "grouped": 4}
    assert 50_000 / (5 + 1) > 8_000  # the document's own quotient


# Where the losses are smallest


def joint_probabilities() -> np.ndarray:
    """P(c, o) of a language of four words; rows are center words."""
    joint = np.random.default_rng(5).uniform(0.5, 3.0, (4, 4))
    return joint / joint.sum()


def test_at_its_optimum_the_naive_softmax_loss_is_the_conditional_entropy():
    joint = joint_probabilities()
    conditional = joint / joint.sum(axis=1, keepdims=True)
    # Word 3's scores are the constant that is free; three dimensions hold the rest.
    U = np.eye(4, 3)
    V = np.log(conditional[:, :3] / conditional[:, 3:])
    loss, by_U = 0.0, np.zeros_like(U)
    for c in range(4):
        by_center = np.zeros(3)
        for o in range(4):
            pair = naive_softmax(V[c], o, U)
            loss += joint[c, o] * pair.loss
            by_center += joint[c, o] * pair.center
            by_U += joint[c, o] * pair.outside
        assert_close(by_center, np.zeros(3), EXACT)
    assert_close(by_U, np.zeros((4, 3)), EXACT)
    assert_close(loss, -np.sum(joint * np.log(conditional)), EXACT)


def test_negative_sampling_with_free_draws_is_stationary_at_the_shifted_mutual_information():
    joint, K = joint_probabilities(), 3
    of_c = joint.sum(axis=1, keepdims=True)
    noise = noise_distribution([1, 2, 3, 4], 0.75)

    def mean_loss(scores):
        from_truth = -joint * log_sigmoid(scores)
        from_noise = -K * of_c * noise * log_sigmoid(-scores)
        return (from_truth + from_noise).sum()

    optimum = np.log(joint / (K * of_c * noise))
    for c, o in product(range(4), repeat=2):
        moved = optimum.astype(np.complex128)
        moved[c, o] += 1e-30j
        assert_close(mean_loss(moved).imag / 1e-30, 0.0, COMPLEX_STEP)


def test_negative_sampling_with_redrawn_negatives_is_stationary_where_derived():
    joint, K = joint_probabilities(), 2
    conditional = joint / joint.sum(axis=1, keepdims=True)
    noise = noise_distribution([1, 2, 3, 4], 0.75)
    others = 1 - np.eye(4)
    redrawn = conditional @ (others / (1 - noise)[:, None])
    scores = np.log(conditional / (K * noise * redrawn))
    V, U = np.eye(4), scores.T
    by_V, by_U = np.zeros((4, 4)), np.zeros((4, 4))
    for c, o, *negatives in product(range(4), repeat=2 + K):
        if o not in negatives:
            weight = joint[c, o] * np.prod(noise[negatives] / (1 - noise[o]))
            pair = negative_sampling(V[c], o, negatives, U)
            by_V[c] += weight * pair.center
            by_U += weight * pair.outside
    assert_close(by_V, np.zeros((4, 4)), EXACT)
    assert_close(by_U, np.zeros((4, 4)), EXACT)
