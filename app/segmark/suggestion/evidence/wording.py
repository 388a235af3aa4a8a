"""Fixed words of news pages in several languages.

They announce comments, other stories and pictures, and credit, sign or share a story. These are
rules that a person would write down; they only name features, and what they are worth is learnt.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

_PHRASES = {
    "comment": """
        comment; comments; commenting; commenter; leave a reply; join the discussion; reply;
        replies; join the conversation; have your say; add your voice; report abuse; house rules;
        disqus; kommentar; kommentare; kommentaren; kommentieren; kommentarer; netiquette;
        diskutieren; leserkommentare; forum; commentaire; commentaires; réagir; réactions;
        comentario; comentarios; comentar; comentário; comentários; commenti; commento; commentare;
        reacties; reageer; reactie; yorum; yorumlar; yorumunuz; komentarze; komentarz; komentarzy;
        комментарии; комментарий; комментировать; комментариев; коментарі; hozzászólás;
        hozzászólások; hozzászólok; komentáře; kommentit; kommentoi; σχόλια; σχόλιο; تعليق; تعليقات;
        komentar
        """,
    "policy": """
        respectful; civil; abusive; offensive; name calling; foul language; personal attacks;
        inappropriate; moderated; moderators; moderation; moderiert; beleidigend; beleidigende;
        beleidigungen; sachlich; respektvoll; injurieux; respectueux; modérés; modération;
        respetuoso; ofensivos; insultos; moderati; offensivi; we encourage; we ask you; log in to
        comment; sign in to comment; melden sie sich an; connectez vous; inicia sesión; terms of
        service; community guidelines
        """,
    "more": """
        read more; read also; more from; more on; more stories; more news; most read; most popular;
        most viewed; most shared; trending; top stories; latest news; latest stories; related;
        related articles; related stories; related topics; recommended; you may also like; you might
        also like; editors picks; in other news; breaking news; just in; popular; don t miss; must
        read; up next; read next; what to read next; mehr zum thema; mehr lesen; weiterlesen;
        meistgelesen; meistgelesene; meist gelesen; lesen sie auch; auch interessant; das könnte sie
        auch interessieren; mehr aus; mehr zu; newsticker; empfehlungen; top themen; neueste; lire
        aussi; à lire aussi; lire la suite; les plus lus; articles les plus lus; sur le même sujet;
        à lire; lee también; leer más; lo más leído; más leídas; más leídos; más noticias; te puede
        interesar; noticias relacionadas; leggi anche; più letti; i più letti; leggi tutto; potrebbe
        interessarti; leia também; leia mais; mais lidas; lees ook; lees meer; meest gelezen; læs
        også; mest læste; les også; mest lest; les mer; läs mer; läs också; mest läst; senaste nytt;
        çok okunanlar; ilgili haberler; devamını oku; en çok okunan; son dakika; czytaj także;
        czytaj więcej; najczęściej czytane; zobacz też; читайте также; читать далее; популярное; lue
        myös; luetuimmat; legolvasottabb; čtěte také; nejčtenější
        """,
    "cue": """
        show caption; hide caption; toggle caption; enlarge; enlarge image; view gallery; open
        image; click to enlarge; image caption; image source; image credit; full screen; photo
        gallery; bild vergrößern; vergrößern; bildergalerie; bildunterschrift; agrandir; ver
        galería; ampliar; ingrandisci; förstora; fotostrecke
        """,
    "credit": """
        photo; photos; photograph; photographer; photograph by; photo by; picture; pictured; image;
        images; getty; getty images; reuters; afp; ap; epa; dpa; tass; xinhua; anp; afp getty;
        shutterstock; istock; imago; imagebroker; alamy; unsplash; pixabay; wikimedia; courtesy;
        file photo; archive; handout; supplied; credit; screenshot; foto; fotos; bild; bilder;
        fotografie; quelle; archivbild; symbolbild; symbolfoto; crédit; crédits; photographie; foto
        de; fotografía; imagen; cortesía; archivo; ansa; fotogramma; foto di; imagem; reprodução;
        divulgação; ntb; scanpix; tt; ritzau; arkivfoto; arkiv; fotoğraf; fot; zdjęcie; pap; фото;
        тасс; риа; mti; čtk; kuva; lehtikuva; ullstein; ddp; apa; keystone; yonhap; kyodo; jiji;
        ipa; agencies; agency; via
        """,
    "signed": """
        by; written by; published; updated; posted; last updated; min read; minutes read; staff;
        reporter; correspondent; editor; von; veröffentlicht; aktualisiert; stand; uhr; lesezeit;
        redaktion; par; publié; mis à jour; por; publicado; actualizado; atualizado; redacción; di;
        pubblicato; aggiornato; av; publicerad; uppdaterad; publisert; oppdatert; publiceret; af;
        opdateret; door; gepubliceerd; yayınlanma; güncelleme; opublikowano; опубликовано; обновлено
        """,
    "share": """
        share; tweet; facebook; twitter; whatsapp; linkedin; print; email; copy link; follow us;
        subscribe; newsletter; sign up; sign in; log in; cookies; privacy; advertisement; anzeige;
        teilen; drucken; abonnieren; abo; merken; vorlesen; partager; imprimer; abonnez vous; s
        abonner; compartir; suscríbete; condividi; abbonati; compartilhar; dela; del; delen; paylaş;
        udostępnij; поделиться; publicité; publicidad; reklam; annonse; annonce; werbung
        """,
}
#: Languages written without spaces between words.
_UNSPACED = {
    "comment": ("コメント", "댓글", "评论", "評論", "留言"),
    "more": ("関連記事", "ランキング", "続きを読む", "관련기사", "많이 본", "인기기사", "相关"),
    "credit": ("写真", "撮影", "사진", "제공", "연합뉴스", "图片", "提供"),
    "signed": ("기자", "입력", "수정", "記者", "更新"),
    "share": ("シェア", "공유", "구독", "分享"),
}  # fmt: skip
#: Longer texts are prose, in which such words mean little.
_LABEL, _LINE = 8, 60
#: So many words of a policy beside one of comments are rules for commenting.
_RULES = 2
#: So many titles that touch are a list.
_LIST = 4
_CREDIT_END = re.compile(
    r"[/|(©–—-]\s*[A-ZÀ-Þ][\w.&' ]{1,40}\)?\s*$|©|\((?:[LRC]|left|right)\)|[:/]\s?[A-Z]{2,5}\s*$"
)
#: Where titles of a run-on line touch: a small letter or a closing mark, and a capital.
_GLUED = re.compile(r"[a-zß-öø-ÿ0-9)’”'\"?!]{2}(?=[A-ZÀ-Þ][a-zß-öø-ÿ ])")


def _index() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for kind, phrases in _PHRASES.items():
        for phrase in phrases.split(";"):
            words = tuple(phrase.split())
            found[words[0]].append((words, kind))
    return dict(found)


_BY_FIRST_WORD = _index()


def wording_of(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of fixed words in a unit, in a settled order, and how its text is joined.

    Args:
        text: of the unit, or its beginning.
        words: of that text, in lower case.
    """
    found = Counter(_kinds(text, words))
    if found["policy"] >= _RULES and found["comment"]:
        found["rules"] = 1
    if _CREDIT_END.search(text[-60:]):
        found["credited"] = 1
    if len(text) > 80 and (joins := len(_GLUED.findall(text))):
        found["glued" if joins < _LIST else "list"] = 1
    return tuple(kind for kind, count in found.items() if count)


def _kinds(text: str, words: Sequence[str]) -> Iterator[str]:
    counted = len(words)
    for index, word in enumerate(words):
        for phrase, kind in _BY_FIRST_WORD.get(word, ()):
            if len(phrase) > 1 and tuple(words[index : index + len(phrase)]) != phrase:
                continue
            yield kind
            if index == 0:
                yield f"{kind}^"
            if len(phrase) >= counted - 1 and counted < _LABEL:
                yield f"{kind}="
    if not text.isascii() and len(text) <= _LINE:
        for kind, marks in _UNSPACED.items():
            if any(mark in text for mark in marks):
                yield kind
