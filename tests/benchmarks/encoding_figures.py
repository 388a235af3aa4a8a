"""How often the encoding of a text that declares none is found: languages, lengths, encodings.

Usage: python -m tests.benchmarks.encoding_figures
"""

from segmark.loading.encoding import decode
from segmark.loading.rejection import NotAPageError

_LENGTHS = (40, 120, 240)  # characters
_WESTERN = ("latin-1", "cp1252")
_TEXTS = {
    "de": ("Der Bürgermeister erklärte am Freitag, die Brücke über den Fluß müsse für zwei Jahre "
           "gesperrt werden; die Bürger ärgern sich über die lange Umleitung. ", _WESTERN),
    "fr": ("Le maire a déclaré vendredi que le pont resterait fermé pendant deux années ; les "
           "habitants s'inquiètent déjà de la longue déviation à travers la forêt. ", _WESTERN),
    "es": ("El alcalde anunció el viernes que el puente quedará cerrado dos años; los vecinos "
           "temen que el desvío por la montaña sea demasiado difícil. ", _WESTERN),
    "it": ("Il sindaco ha detto venerdì che il ponte resterà chiuso perché è pericoloso; più di "
           "mille persone però dovranno cambiare strada già da lunedì. ", _WESTERN),
    "pt": ("O prefeito anunciou na sexta-feira que a ponte não será aberta até março; a população "
           "está preocupada com a situação das crianças na região. ", _WESTERN),
    "nl": ("De burgemeester zei vrijdag dat de brug vanwege financiële problemen in België twee "
           "jaar gesloten blijft; coördinatie met de politie is geëist. ", _WESTERN),
    "sv": ("Borgmästaren sade på fredagen att bron måste stängas i två år; invånarna är oroliga "
           "för att vägen genom skogen blir för lång. ", _WESTERN),
    "da": ("Borgmesteren sagde fredag, at broen må lukkes i to år; beboerne frygter, at vejen "
           "gennem skoven bliver både længere og mere støjende. ", _WESTERN),
    "fi": ("Pormestari kertoi perjantaina, että silta pysyy suljettuna kaksi vuotta; asukkaat "
           "pelkäävät, että kiertotie metsän läpi on liian pitkä. ", _WESTERN),
    "pl": ("Burmistrz ogłosił w piątek, że most będzie zamknięty przez dwa lata; mieszkańcy boją "
           "się, że objazd przez las okaże się zbyt długi i niebezpieczny. ",
           ("iso8859-2", "cp1250")),
    "cs": ("Starosta v pátek oznámil, že most zůstane dva roky uzavřený; obyvatelé se obávají, že "
           "objížďka přes les bude příliš dlouhá a nebezpečná. ", ("iso8859-2", "cp1250")),
    "sk": ("Starosta v piatok oznámil, že most zostane dva roky zatvorený; obyvatelia sa obávajú, "
           "že obchádzka cez les bude príliš dlhá a ťažká. ", ("iso8859-2", "cp1250")),
    "hu": ("A polgármester pénteken közölte, hogy a hidat két évre lezárják; a lakók attól "
           "tartanak, hogy az erdőn át vezető út túl hosszú és szűk lesz. ",
           ("iso8859-2", "cp1250")),
    "hr": ("Gradonačelnik je u petak rekao da će most biti zatvoren dvije godine; građani se boje "
           "da će zaobilazni put kroz šumu biti predug i težak. ",
           ("iso8859-2", "cp1250")),
    "tr": ("Belediye başkanı cuma günü köprünün iki yıl kapalı kalacağını söyledi; halk ormandan "
           "geçen yolun çok uzun olacağından endişe ediyor. ", ("iso8859-9", "cp1254")),
    "lt": ("Meras penktadienį pranešė, kad tiltas bus uždarytas dvejus metus; gyventojai bijo, "
           "kad apylanka per mišką bus per ilga ir pavojinga. ", ("cp1257",)),
    "ru": ("Мэр города сообщил в пятницу, что мост закроют на два года; жители опасаются, что "
           "объезд через лес окажется слишком длинным и опасным. ", ("koi8-r", "cp1251")),
    "el": ("Ο δήμαρχος ανακοίνωσε την Παρασκευή ότι η γέφυρα θα μείνει κλειστή για δύο χρόνια και "
           "οι κάτοικοι φοβούνται ότι ο δρόμος θα είναι μεγάλος. ", ("iso8859-7", "cp1253")),
    "ja": ("市長は金曜日、橋を二年間閉鎖すると発表した。住民は森を通る迂回路が長すぎて危険だと"
           "心配している。工事は来週から始まる予定である。", ("iso2022_jp", "cp932", "euc_jp")),
    "zh": ("市长星期五宣布，大桥将关闭两年。居民们担心，穿过森林的绕行道路太长，而且很危险。"
           "工程将于下周开始，预计耗资三千万元。", ("gb18030",)),
    "ko": ("시장은 금요일에 다리를 이 년 동안 폐쇄한다고 발표했다. 주민들은 숲을 지나는 우회로가 "
           "너무 길고 위험하다고 걱정하고 있다. 공사는 다음 주에 시작된다. ", ("cp949",)),
}  # fmt: skip


def share(language: str, encoding: str, length: int) -> float:
    """The share of pieces of a text that are decoded as they were written."""
    text = _TEXTS[language][0] * 4
    pieces = [text[start : start + length] for start in range(0, 120, 6)]
    return sum(_is_right(piece, encoding) for piece in pieces) / len(pieces)


def _is_right(text: str, encoding: str) -> bool:
    try:
        return decode(text.encode(encoding))[0] == text
    except NotAPageError:
        return False


def main() -> None:
    """Print the share of texts that are decoded right."""
    found = list[float]()
    print("".join(f"{head:>12}" for head in ("language", "encoding", *map(str, _LENGTHS))))
    for language, (_, encodings) in _TEXTS.items():
        for encoding in (*encodings, "utf-16-le", "utf-16-be"):
            shares = [share(language, encoding, length) for length in _LENGTHS]
            found += shares
            print(f"{language:>12}{encoding:>12}" + "".join(f"{each:>12.0%}" for each in shares))
    print(f"all: {sum(found) / len(found):.1%}")


if __name__ == "__main__":
    main()
