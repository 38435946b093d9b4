"""The map of the page: flights, zoom, drag, lasso, the slider between two sets, colours."""

import numpy as np
import pytest

from helpers.explorer_visits import (
    COUNT,
    Visit,
    asked,
    exact_neighbors,
    heading_becomes,
    painted,
    shown_places,
    slide,
    unit_rows,
)

pytestmark = pytest.mark.slow


def test_the_map_flies_to_a_word_and_marks_its_neighbors(visit: Visit) -> None:
    tab = visit()
    tab.prefer(prefers_reduced_motion="no-preference")
    asked(tab, "king")
    tab.wait("map.camera.flight !== 0 || map.camera.zoom > 1")
    tab.wait("map.camera.flight === 0")
    x, y = shown_places()[0]
    view = tab.run("map.camera.view")
    assert (view["x"], view["y"]) == pytest.approx((x, y), abs=1e-4)
    marked = tab.run("map.marks.near.map(i => app.set.words[i])")
    assert marked == [word for word, _ in exact_neighbors({"king": 1})]


def test_where_motion_is_unwelcome_the_map_is_there_at_once(visit: Visit) -> None:
    tab = visit()
    tab.run("map.camera.fly({x: 0.25, y: 0.75, zoom: 9})")
    assert tab.run("map.camera.view") == {"x": 0.25, "y": 0.75, "zoom": 9}


def test_the_wheel_zooms_about_the_cursor_and_the_buttons_about_the_middle(visit: Visit) -> None:
    tab = visit()
    x, y, box = 900, 300, tab.run("$('#map').getBoundingClientRect().x")
    place = f"map.camera.toPlace({x} - {box}, {y})"
    before = tab.run(place)
    tab.mouse("mouseWheel", x, y, deltaX=0, deltaY=-400)
    tab.wait("map.camera.zoom > 1.5")
    assert tab.run(place) == pytest.approx(before, abs=1e-6)
    zoom = tab.run("map.camera.zoom")
    tab.click_on("#zoom-out")
    assert tab.run("map.camera.zoom") == pytest.approx(zoom / 1.6)
    tab.click_on("#show-all")
    assert tab.run("map.camera.view") == {"x": 0.5, "y": 0.5, "zoom": 1}


def test_dragging_moves_the_map_and_a_click_opens_a_word(visit: Visit) -> None:
    tab = visit()
    tab.mouse("mousePressed", 800, 400, button="left", clickCount=1)
    tab.mouse("mouseMoved", 860, 430, button="left")
    tab.mouse("mouseReleased", 860, 430, button="left", clickCount=1)
    view = tab.run("[map.camera.x, map.camera.scale]")
    assert view[0] == pytest.approx(0.5 - 60 / view[1], abs=1e-6)
    tab.run("map.camera.set({x: map.place(0)[0], y: map.place(0)[1], zoom: 40})")
    x, y = tab.run("map.camera.toScreen(...map.place(0))")
    left = tab.run("map.element.getBoundingClientRect().x")
    tab.click(left + x + 2, y + 2)
    heading_becomes(tab, "king")


def test_a_lasso_lists_the_words_inside_it(visit: Visit) -> None:
    tab = visit()
    box = tab.run("$('#map').getBoundingClientRect().x")
    corners = [(700, 250), (950, 250), (950, 500), (700, 500)]
    tab.click_on("#lasso")
    assert tab.run("$('#lasso').getAttribute('aria-pressed')") == "true"
    tab.mouse("mousePressed", *corners[0], button="left", clickCount=1)
    for x, y in [*corners[1:], corners[0]]:
        tab.mouse("mouseMoved", x, y, button="left")
    tab.mouse("mouseReleased", *corners[0], button="left", clickCount=1)
    tab.wait("!$('#list-answer').hidden")
    listed = tab.run("$('#listed').value").split("\n")
    low, high = (
        tab.run(f"map.camera.toPlace({x} - {box}, {y})") for x, y in ((700, 500), (950, 250))
    )
    words, _ = unit_rows()
    places = shown_places()
    margin = 2e-4  # the address keeps four digits of a corner
    surely = np.all((places > np.add(low, margin)) & (places < np.subtract(high, margin)), axis=1)
    perhaps = np.all((places > np.subtract(low, margin)) & (places < np.add(high, margin)), axis=1)
    plain = {word for word in listed if word.startswith("word")}
    assert {
        w for w, is_in in zip(words, surely, strict=True) if is_in and w.startswith("word")
    } <= plain
    assert plain <= {w for w, is_in in zip(words, perhaps, strict=True) if is_in}
    assert len(plain) > 50
    assert tab.run("$('#lasso').getAttribute('aria-pressed')") == "false"


def test_the_slider_moves_words_between_the_places_of_two_sets(visit: Visit) -> None:
    tab = visit("#q=king", sets=2)
    word = "word55"  # of another number in each set
    numbers = [unit_rows(number)[0].index(word) for number in (0, 1)]
    assert numbers[0] != numbers[1]
    places = [shown_places(number)[numbers[number]] for number in (0, 1)]
    for mix, number in ((0.0, 0), (0.5, None), (1.0, 1)):
        slide(tab, mix)
        expected = places[number] if number is not None else (places[0] + places[1]) / 2
        place = tab.run(f"map.place(app.set.exactId({word!r}))")
        assert place == pytest.approx(expected.tolist(), abs=1e-4)
    assert tab.run("app.set.name") == "second"
    assert "mix=1" in tab.run("location.hash")


def test_no_word_is_written_beneath_the_tools(visit: Visit) -> None:
    tab = visit("#q=king", sets=2)
    written = """(() => {
        const written = [];
        const write = map.labels.write;
        map.labels.write = function (text, x, y, font, ...more) {
            written.push([x, y, x + this.width(text, font), y]);
            return write.call(this, text, x, y, font, ...more);
        };
        map.paint();
        map.labels.write = write;
        return written;
    })()"""
    for zoom in (1, 3, 9):
        tab.run(f"map.camera.set({{x: 0.5, y: 0.5, zoom: {zoom}}}); map.mark({{chosen: []}})")
        labels, covered = tab.run(written), tab.run("map.covered()")
        assert len(covered) == 3
        assert len(labels) > 10
        for left, top, right, bottom in labels:
            assert not [
                box
                for box in covered
                if left < box[2] and right > box[0] and top < box[3] and bottom > box[1]
            ]


@pytest.mark.parametrize("key", ["cluster", "frequency", "column-0", "column-1", "none"])
def test_every_coloring_paints_points_in_both_themes(visit: Visit, key: str) -> None:
    tab = visit(f"#color={key}")
    for theme in ("light", "dark"):
        tab.prefer(prefers_reduced_motion="reduce", prefers_color_scheme=theme)
        tab.wait(f"Explorer.isDark() === {'true' if theme == 'dark' else 'false'}")
        count, colors = painted(tab)
        assert count > COUNT / 2, "the points are painted"
        assert colors >= (1 if key == "none" else 3), "in the colours of their groups"


@pytest.mark.parametrize("browser", ["webgl"], indirect=True, scope="module")
def test_a_page_that_loses_its_graphics_goes_on_in_two_dimensions(visit: Visit) -> None:
    tab = visit("#q=king")
    tab.run("map.painter.gl.getExtension('WEBGL_lose_context').loseContext()")
    tab.wait("map.element.dataset.painter === 'canvas'")
    tab.wait("$('canvas.points').getContext('2d').getImageData(0, 0, 900, 800).data.some(x => x)")
    asked(tab, "queen")


def test_a_word_that_the_other_set_lacks_fades_on_the_way_there(visit: Visit) -> None:
    tab = visit(sets=2)
    words, _ = unit_rows()
    there = set(unit_rows(1)[0])
    lost = tab.run("[...app.points[0].lost]")
    assert [word for word, is_lost in zip(words, lost, strict=True) if is_lost] == [
        word for word in words if word not in there
    ]
    before, _ = painted(tab)
    slide(tab, 0.99)
    assert 0 < painted(tab)[0] < before


def test_two_fingers_zoom_the_map(visit: Visit) -> None:
    tab = visit()

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        tab.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    tab.send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    touch("touchStart", (780, 400), (860, 400))
    touch("touchMove", (740, 400), (900, 400))
    touch("touchEnd")
    assert tab.wait("map.camera.zoom > 1 && map.camera.zoom") == pytest.approx(2, rel=0.05)
