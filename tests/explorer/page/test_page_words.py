"""Words asked of the page: search, neighbours, sums, axes, comparison, what the hash restores."""

from urllib.parse import quote

import numpy as np
import pytest

from helpers.explorer_visits import (
    COUNT,
    Visit,
    asked,
    exact_neighbors,
    heading_becomes,
    neighbors_shown,
    texts,
    unit_rows,
)

pytestmark = pytest.mark.slow


def test_typing_completes_words_and_the_chosen_one_is_answered(visit: Visit) -> None:
    tab = visit()
    tab.click_on("#query")
    tab.type("prin")
    options = tab.run("texts('#query-options li')")
    assert options == ["prince", "princess"]
    tab.key("ArrowDown")
    tab.key("ArrowDown")
    assert (
        tab.run("document.activeElement.getAttribute('aria-activedescendant')") == "query-options-1"
    )
    tab.key("Enter")
    heading_becomes(tab, "princess")
    assert tab.run("new URLSearchParams(location.hash.slice(1)).get('q')") == "princess"


def test_completions_come_by_prefix_then_from_anywhere_the_frequent_first(visit: Visit) -> None:
    tab = visit()
    for letters, words in (
        ("man", ["man", "woman"]),
        ("WO", ["woman", "word0", "word1", "word2"]),
        ("rd29", ["word29", "word290", "word291", "word292"]),
        ("__PROTO", ["__proto__"]),
        ("no such", []),
    ):
        found = tab.run(f"Explorer.completions(app.set, {letters!r}, 4).map(i => app.set.words[i])")
        assert found == words


@pytest.mark.parametrize("terms", [{"king": 1}, {"word77": 1}, {"king": 1, "man": -1, "woman": 1}])
def test_neighbors_are_the_exact_ones_of_the_8_bit_rows(
    visit: Visit, terms: dict[str, int]
) -> None:
    tab = visit()
    text = " ".join(f"{'+' if sign > 0 else '-'} {word}" for word, sign in terms.items())[2:]
    asked(tab, text)
    shown, exact = neighbors_shown(tab), exact_neighbors(terms)
    assert [word for word, _ in shown] == [word for word, _ in exact]
    np.testing.assert_allclose([c for _, c in shown], [c for _, c in exact], atol=0.00051)


def test_king_less_man_and_woman_is_queen(visit: Visit) -> None:
    tab = visit()
    asked(tab, "king - man + woman")
    assert neighbors_shown(tab)[0][0] == "queen"
    assert "queen" in tab.wait("$('#live').textContent")


def test_a_click_on_a_neighbor_goes_on_and_back_and_forward_work(visit: Visit) -> None:
    tab = visit("#q=king")
    first = neighbors_shown(tab)[0][0]
    before = tab.run("map.camera.view")
    tab.wait("new URLSearchParams(location.hash.slice(1)).get('view')")
    tab.click_on("#tables a.word")
    heading_becomes(tab, first)
    assert tab.run("map.camera.view") != before
    tab.run("history.back()")
    heading_becomes(tab, "king")
    tab.wait(f"Math.abs(map.camera.x - {before['x']}) < 1e-3")
    tab.run("history.forward()")
    heading_becomes(tab, first)


def test_an_axis_ranks_words_from_one_end_to_the_other(visit: Visit) -> None:
    tab = visit("#tab=axis")
    tab.click_on("#axis-from")
    tab.type("he man")
    tab.key("Escape")
    tab.click_on("#axis-to")
    tab.type("she woman")
    tab.key("Escape")
    tab.key("Enter")
    tab.wait("!$('#axis-answer').hidden")
    words, units = unit_rows()
    at = [units[words.index(word)] for word in ("he", "man", "she", "woman")]
    along = units[:2000] @ (at[2] + at[3] - at[0] - at[1])
    order = np.argsort(along)
    for number, expected in ((1, order[:12]), (2, order[::-1][:12])):
        shown = texts(tab, f"#axis-tables > div:nth-child({number}) li bdi")
        assert shown == [words[place] for place in expected]
    assert "axis from he man to she woman" in tab.run("$('#strip').getAttribute('aria-label')")
    assert tab.run("$('#strip').getContext('2d').getImageData(0, 0, 300, 90).data.some(x => x)")


def test_two_sets_stand_beside_each_other_with_their_differences_marked(visit: Visit) -> None:
    tab = visit("#q=word77", sets=2)
    tab.wait("document.querySelectorAll('#tables table').length === 2")
    exact = [exact_neighbors({"word77": 1}, number=number) for number in (0, 1)]
    for number in (0, 1):
        here, there = ({word for word, _ in one} for one in (exact[number], exact[1 - number]))
        shown = [word for word, _ in neighbors_shown(tab, number + 1)]
        assert shown == [word for word, _ in exact[number]]
        marked = texts(tab, f"#tables table:nth-of-type({number + 1}) .only-here bdi")
        assert set(marked) == here - there
        assert marked, "two sets that agree wholly test nothing"
    assert tab.text("#shared").startswith(
        f"{len({w for w, _ in exact[0]} & {w for w, _ in exact[1]})} of 15"
    )


def test_a_word_of_one_set_alone_is_answered_there_and_offered_spellings_elsewhere(
    visit: Visit,
) -> None:
    tab = visit("#q=word14", sets=2)  # the 40th word: one of ten that the second set lacks
    heading_becomes(tab, "word14")
    assert len(neighbors_shown(tab)) == 15
    assert "word14 is not in the vocabulary of second" in tab.text("#missing")
    assert tab.text("#tables .nothing p") == "Not in this set."


def test_the_hash_restores_all_that_was_shown(visit: Visit) -> None:
    hash_ = (
        "#q=king+-+man&tab=axis&k=25&color=column-1&view=0.4000%2C0.6000%2C3.000"
        "&from=he&to=she&among=500&list=1000%2C1000%3B9000%2C1000%3B9000%2C9000%3B1000%2C9000"
    )
    tab = visit(hash_)
    tab.wait("!$('#axis-answer').hidden")
    assert tab.text("#asked") == "king − man"
    assert len(neighbors_shown(tab)) == 25
    assert tab.run("map.camera.view") == {"x": 0.4, "y": 0.6, "zoom": 3}
    fields = ["color", "k", "axis-from", "axis-to", "axis-among"]
    values = tab.run(f"{fields}.map(id => document.getElementById(id).value)")
    assert values == ["column-1", "25", "he", "she", "500"]
    assert tab.run("app.listed.length") > 100
    assert tab.run("$('#tab-axis').getAttribute('aria-selected')") == "true"
    assert (
        tab.run("new URLSearchParams(location.hash.slice(1)).get('view')") == "0.4000,0.6000,3.000"
    )


@pytest.mark.parametrize(
    "hash_",
    [
        "#view=a,b,c",
        "#k=-3&q=king",
        "#mix=zz&tab=nowhere",
        "#list=1,2;x",
        "#q=%E0%A4%A",
        "#color=nothing&among=x&tab=axis&from=he&to=she",
    ],
)
def test_a_mangled_hash_shows_a_page_all_the_same(visit: Visit, hash_: str) -> None:
    tab = visit(hash_)
    assert tab.run("$('.failure') === null && map.camera.zoom > 0")


def test_an_unknown_word_is_offered_the_nearest_spellings(visit: Visit) -> None:
    tab = visit("#q=qeeun")
    tab.wait("!$('#missing').hidden")
    assert tab.text("#missing a.word") == "queen"
    tab.click_on("#missing a.word")
    heading_becomes(tab, "queen")


def test_an_unknown_word_in_a_sum_keeps_the_rest_and_is_replaced_alone(visit: Visit) -> None:
    tab = visit("#q=" + quote("king - mna + woman"))
    heading_becomes(tab, "king + woman")
    tab.click_on("#missing a.word")
    heading_becomes(tab, "king − man + woman")


def test_a_word_whose_vector_is_zero_has_no_neighbors(visit: Visit) -> None:
    tab = visit(f"#q=word{COUNT - 27}")
    assert "zero" in tab.wait("$('#tables').textContent")


def test_400000_words_are_searched_within_150_ms(visit: Visit) -> None:
    taken_ms = visit().run("""(() => {
        const rows = new Int8Array(400_000 * 50).map((_, i) => ((i * 7919) % 255) - 127);
        const scales = new Float32Array(400_000).fill(0.001);
        const set = { length: 400_000, dim: 50, rows, scales };
        const taken = [0, 1, 2, 3, 4].map(id => {
            const began = performance.now();
            Explorer.nearest(set, [{ id, sign: 1 }], 15);
            return performance.now() - began;
        });
        return Math.min(...taken);
    })()""")
    assert taken_ms < 150
