"""The kernel's limit: every part is timed with every number of threads, and nothing but the limit reaches it."""

from benchmarks.kernel_limit import ALL, LIMIT, measure


def test_each_part_is_measured_once_for_each_number_of_threads() -> None:
    texts = ["The port of Lenn was closed on Monday, “for a day”. " * 20, "", "Photo: Nadia Fell/Reuters"]
    figures = measure(texts * 4, repeat=2)
    one, two = ([f.part for f in figures if f.threads == threads] for threads in (1, 2))
    assert one == two
    assert len(set(one)) == len(one)
    assert {LIMIT, ALL} < set(one)
    for figure in figures:
        assert figure.seconds > 0
        assert figure.articles > figure.megabytes > 0
        assert (figure.of_limit == 1) == (figure.part == LIMIT)
