"""Sets of questions in Google's format and in that of BATS, and the set in the package."""

from collections import Counter
from pathlib import Path

import pytest

from skipgram.errors import FormatError
from skipgram.evaluation.analogies import GOOGLE_ANALOGIES
from skipgram.evaluation.questions import MOST_LINES, Question, read_questions


def write(folder: Path, content: str, name: str = "questions.txt") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode())
    return file


# Google's format


def test_questions_are_read_as_they_are_written_under_their_section(tmp_path):
    file = write(
        tmp_path, "a b c d\n: Capitals of the world \r\nAthens Greece  OSLO\tNorway\n\n:x\n"
    )
    found = read_questions(file)
    assert found.questions == [
        Question("", "a", "b", "c", "d"),
        Question("Capitals of the world", "Athens", "Greece", "OSLO", "Norway"),
    ]
    assert found.sections == ("", "Capitals of the world", "x")
    assert (found.name, found.malformed.lines) == ("questions", 0)
    assert read_questions(file, "a name").name == "a name"


def test_a_byte_order_mark_is_no_part_of_the_first_section(tmp_path):
    found = read_questions(write(tmp_path, "\ufeff: one\na b c d\n"))
    assert found.sections == ("one",)


@pytest.mark.parametrize("line", ["a b c", "a b c d e", "a", "a b", "a\tb/c"])
def test_malformed_lines_are_counted_and_the_first_is_shown(tmp_path, line):
    file = write(tmp_path, f": one\x0b\n\na b c d\n{line}\nx\n")
    found = read_questions(file)
    assert [question.d for question in found.questions] == ["d"]
    assert found.malformed == (2, f"{file}:4: {line!r}")


def test_a_file_where_no_line_can_be_read_is_an_error_with_its_first(tmp_path):
    file = write(tmp_path, ": one\na b c\n")
    with pytest.raises(FormatError) as caught:
        read_questions(file)
    assert str(caught.value) == (
        f"{file}:2: 'a b c' where four words, or a word and its answers, should be; "
        "no line could be read"
    )


@pytest.mark.parametrize("content", [": one\n\n: two\n", "", "\n"])
def test_a_file_without_questions_is_an_error(tmp_path, content):
    file = write(tmp_path, content)
    with pytest.raises(FormatError, match=f"^{file} holds no questions$"):
        read_questions(file)


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(FormatError, match=f"^{tmp_path}/none does not exist$"):
        read_questions(tmp_path / "none")


# BATS


def test_any_two_lines_of_a_file_make_two_questions(tmp_path):
    lines = "dog\tmammal/animal\noak  tree\n\nrose flower/plant/\n"
    found = read_questions(write(tmp_path, lines, "L01 [is a].txt"))
    section = "L01 [is a]"
    assert found.questions == [
        Question(section, "dog", "mammal", "oak", "tree"),
        Question(section, "dog", "mammal", "rose", "flower", ("plant",)),
        Question(section, "oak", "tree", "dog", "mammal", ("animal",)),
        Question(section, "oak", "tree", "rose", "flower", ("plant",)),
        Question(section, "rose", "flower", "dog", "mammal", ("animal",)),
        Question(section, "rose", "flower", "oak", "tree"),
    ]
    assert found.questions[1].answers == ("flower", "plant")
    assert (found.name, found.sections) == (section, (section,))


def test_a_folder_of_folders_is_one_set_whose_sections_are_its_files(tmp_path):
    folder = tmp_path / "BATS"
    write(folder, "cat\tcats\ndog\tdogs\n", "2_forms/I01 plural.txt")
    write(folder, "cat\tanimal/beast\ndog\tanimal\n", "1_meaning/L01 hypernyms.txt")
    write(folder, "one\ttwo\n", "1_meaning/L02 lonely.txt")
    write(folder, "of a Mac's archive", "1_meaning/._L01.txt")
    write(folder, "cat\tcats\n", "notes.md")
    found = read_questions(folder)
    assert found.name == "BATS"
    assert found.sections == ("L01 hypernyms", "L02 lonely", "I01 plural")
    assert Counter(question.section for question in found.questions) == {
        "L01 hypernyms": 2,
        "I01 plural": 2,
    }


def test_files_that_make_no_question_are_counted_and_the_first_is_shown(tmp_path):
    write(tmp_path, "cat\tcats\ndog\tdogs\n", "I01.TXT")
    write(tmp_path, "\none\ttwo\n", "I02.txt")
    write(tmp_path, "", "I03.txt")
    write(tmp_path, "\n \n", "I04.txt")
    found = read_questions(tmp_path)
    assert len(found.questions) == 2
    expected = f"{tmp_path}/I02.txt:2: 'one\\ttwo' (the only one of its file)"
    assert found.malformed == (4, expected)
    write(tmp_path, "", "I00.txt")
    assert read_questions(tmp_path).malformed == (5, f"{tmp_path}/I00.txt: an empty file")


def test_a_folder_of_empty_files_is_an_error_that_names_the_first(tmp_path):
    write(tmp_path, "", "one.txt")
    with pytest.raises(FormatError, match=r"one\.txt: an empty file where four words, or a word"):
        read_questions(tmp_path)


def test_files_of_one_name_in_a_folder_are_sections_of_their_own(tmp_path):
    for place in ("one", "two"):
        write(tmp_path, "cat\tcats\ndog\tdogs\n", f"{place}/plural.txt")
    assert read_questions(tmp_path).sections == ("one/plural", "two/plural")


@pytest.mark.parametrize("line", ["cat", "cat\t", "\tcats", "cat\t/ /", "a b c", "a\tb\tc"])
def test_malformed_lines_of_a_folder_are_shown_with_their_file(tmp_path, line):
    write(tmp_path, "cat\tcats\ndog\tdogs\n", "1/one.txt")
    file = write(tmp_path, f"cat\tcats\ndog\tdogs\n{line}\n", "2/two.txt")
    found = read_questions(tmp_path)
    assert len(found.questions) == 4
    assert found.malformed == (1, f"{file}:3: {line!r}")


def test_answers_of_several_words_may_stand_behind_a_tab(tmp_path):
    file = write(tmp_path, "sausage\thot dog/frank\nNew York\tUnited States\nbun\tbread\n")
    first = read_questions(file).questions[0]
    assert first[1:] == ("sausage", "hot dog", "New York", "United States", ())


def test_a_folder_without_text_files_is_an_error(tmp_path):
    (tmp_path / "inner").mkdir()
    message = f"^{tmp_path} is a folder without .txt files: no questions are there$"
    with pytest.raises(FormatError, match=message):
        read_questions(tmp_path)


def test_a_list_of_pairs_too_long_to_be_a_section_is_refused(tmp_path):
    file = write(tmp_path, "".join(f"a{n}\tb{n}\n" for n in range(MOST_LINES + 1)))
    with pytest.raises(FormatError, match=f"^{file} has 1,001 lines, any two of which"):
        read_questions(file)


# The set in the package


def test_google_s_analogies_are_19544_questions_in_14_sections():
    found = read_questions(GOOGLE_ANALOGIES)
    sections = Counter(question.section for question in found.questions)
    assert len(found.questions) == 19_544
    assert found.sections == tuple(sections)
    assert len(sections) == 14
    assert sections["capital-common-countries"] == 506
    assert sections["capital-world"] == 4524
    assert sections["gram9-plural-verbs"] == 870
    assert found.questions[0] == Question(
        "capital-common-countries", "Athens", "Greece", "Baghdad", "Iraq"
    )
    assert all(
        len({word.casefold() for word in question[1:5]}) == len(set(question[1:5]))
        for question in found.questions
    ), "no question is about case, so uncased vectors can be asked all of them"
