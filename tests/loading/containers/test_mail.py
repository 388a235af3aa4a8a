import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.loading.reading import loaded, refusals, texts


def mail(text: str = "", html: str = "", subject: str = "Der große Sturm") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Varn <news@varn.example>"
    message["Date"] = "Mon, 06 May 2024 07:08:09 +0000"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html", charset="iso-8859-1")
    return message


def test_a_mail_is_a_page_with_its_subject_as_title(tmp_path: Path) -> None:
    path = tmp_path / "news" / "a.eml"
    path.parent.mkdir()
    path.write_bytes(bytes(mail("Plain", "<h1>Größe</h1><p>Text <b>here</b>")))
    [page] = loaded(path)
    assert page.page.text == "Größe\n\nText here"
    info = page.page.info
    assert (info.title, info.media, info.site) == ("Der große Sturm", "html", "news")
    assert page.extra["date"] == "Mon, 06 May 2024 07:08:09 +0000"


def test_a_mail_without_html_is_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(mail("Only text, ünd words")))
    [page] = loaded(path)
    assert (page.page.text.strip(), page.page.info.media) == ("Only text, ünd words", "text")


@pytest.mark.parametrize("name", ["a.mbox", "box"])
def test_each_mail_of_a_mailbox_is_a_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    start = b"From news@varn.example Mon May  6 07:08:09 2024\n"
    quoted = bytes(mail("One\n\n>From here\n"))
    path.write_bytes(start + quoted + b"\n" + start + bytes(mail(html="<p>Two")))
    pages = loaded(path)
    assert [page.page.text.strip() for page in pages] == ["One\n\nFrom here", "Two"]
    assert [page.place.rpartition(":")[2] for page in pages] == ["1", "2"]


def test_mails_in_an_archive_are_pages_and_those_without_text_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("m/a.eml", bytes(mail("Yes")))
        archive.writestr("m/b.eml", b"Content-Type: image/png\n\nxx")
    assert [text.strip() for text in texts(tmp_path / "a.zip")] == ["Yes"]
    [line] = refusals(tmp_path / "a.zip")
    assert line.endswith("a.zip/m/b.eml: it is a mail without text")
