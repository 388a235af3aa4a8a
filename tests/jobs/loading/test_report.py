from segmark.jobs.loading.report import LoadReport
from segmark.loading.rejection import LoadError


def test_files_of_a_kind_that_is_no_page_are_one_line_and_real_rejections_stand_out() -> None:
    report = LoadReport()
    for number in range(600):
        report.reject(LoadError(f"s/{number}.js", "it is a script, not a page", ".js"))
    report.reject(LoadError("s/a.css", "it is a style sheet, not a page", ".css"))
    report.reject(LoadError("s/a.html", "it shows no text"))
    assert list(report.folded) == [
        ("s/a.css", "it is a style sheet, not a page"),
        ("s/a.html", "it shows no text"),
        ("600 .js files", "it is a script, not a page"),
    ]
    assert report.rejections == 602
    assert report.left_out == list(report.folded)
