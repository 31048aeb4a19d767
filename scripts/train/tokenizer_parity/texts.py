"""The texts on which tokenizers are compared: 5,000 from a seed, the odd ones first."""

import random
import unicodedata

COUNT, SEED = 5000, 6

# One sentence a language or way of writing.
SENTENCES = (
    "The quick brown fox can't jump over 13 lazy dogs, but they'll try; it's what I'd do.",
    "Die Größe der Übung überraschte den Schüler: „Straße“ schreibt man mit ß.",
    "L'élève naïf mangeait des œufs à Noël, n'est-ce pas ?",
    "El niño pequeño preguntó: ¿dónde está mi corazón?",
    "Não há atenção nem coração que aguente três irmãos.",
    "Łódź żyje, gdy źrebię gryzie świeżą trawę.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Árvíztűrő tükörfúrógép.",
    "Þjóðin ætlar að læra íslensku.",
    "Istanbul'da İğde ağacı ılık rüzgârda sallandı.",
    "Съешь же ещё этих мягких французских булок.",
    "Їжак з’їв яблуко біля ґанку.",
    "Ο καλός άνθρωπος δεν ξεχνά την αρχή του.",
    "Երևանը Հայաստանի մայրաքաղաքն է։",
    "თბილისი საქართველოს დედაქალაქია.",
    "כל בני האדם נולדו בני חורין.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة.",
    "همهٔ افراد بشر آزاد به دنیا می‌آیند.",
    "सभी मनुष्यों को गौरव और अधिकारों में जन्मजात स्वतन्त्रता प्राप्त है।",
    "সমস্ত মানুষ স্বাধীনভাবে জন্মগ্রহণ করে।",
    "எல்லா மனிதரும் சுதந்திரமாகவே பிறக்கின்றனர்.",
    "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులు.",
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน",
    "ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ",
    "人人生而自由,在尊严和权利上一律平等。",
    "人人生而自由,在尊嚴和權利上一律平等。",
    "すべての人間は、生まれながらにして自由である。カタカナもある。",
    "모든 인간은 태어날 때부터 자유로우며 존엄하다.",
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng.",
    "ሰው ሁሉ ነፃ ሆኖ ይወለዳል።",
    "ខ្មែរទាំងអស់កើតមកមានសេរីភាព",
    "Kila mtu amezaliwa huru; haki zake ni sawa.",
    "𝔐𝔞𝔱𝔥: ∀ε>0 ∃δ>0 · |x−a|<δ ⇒ |f(x)−f(a)|<ε, ½ ² ³ Ⅷ ① ٣ ५ 七",
    "def f(x: int) -> str:\n\treturn f\"{x!r}\"  # 0x1F & ~3\n",
    '{"key": [1, 2.5e-10, null, "\\u00e9"], "url": "https://example.org/a?b=c&d=%20#e"}',
    "| a | b |\n|---|:-:|\n| `x` | **y** |\n\n- [ ] todo\n\t* nested\r\n",
    "SELECT * FROM t WHERE a <> 'it''s' AND b >= 1000000.00;",
    "WE'RE 'S 'T it'ſ I'LL 'twas o'clock ''' don''t",
)
EMOJI = (
    "🙂", "😀😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇫🇷", "1️⃣", "❤️", "☃", "🧑🏿‍🚀", "🤷‍♀️", "©️", "🂡", "🫠",
)  # fmt: skip
# Unicode's White_Space, and what other programs take for it or cannot see.
SPACES = (
    *" \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680", *map(chr, range(0x2000, 0x2010)), *"\u2028\u2029\u202f\u205f\u2060\u3000",
    "\ufeff", "\u180e", "\r\n", "\n\n", "  ", "   ", " " * 7, "\t\t", " \n", "\n ", "\n\n\n \n",
)  # fmt: skip
CONTROLS = (
    *map(chr, range(32)), *map(chr, range(0x7F, 0xA0)),
    *"\xad\u061c\u200e\u202e\u2066\ue000\ufffc\ufffd\ufffe\uffff\U0010ffff",
)  # fmt: skip
LOOK_ALIKES = (
    "<s>", "</s>", "<unk>", "<pad>", "[PAD]", "[UNK]", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im_start|>user\n",
    "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|reserved_special_token_0|>", "<0x0A>",
    "<0xE2>", "<0x0a>", "▁", "▁▁", "▁the", "Ġ", "Ċ", "Ġthe", "<s", "s>", "</s", "< s >", "<S>", "<s><s>", "</s></s>",
    "<unk><unk>", "<|im_start", "|im_end|>", "<|im_end|><|im_end|>", "<repo_name>", "<file_sep>", "<tool>", "<tool_call>",
    "[INST]", "<<SYS>>", "\\n", "&lt;s&gt;",
)  # fmt: skip
PUNCTUATION = (
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "...", "!!", "?!", "--", "***", "___", "=====", "``", "''", " .", " ,", " 's",
)  # fmt: skip
LONG = (
    "a", "ab", " ", "\n", "!", "1", "é", "漢", "🙂", "\u00a0", "the ", "</s>", "<|im_end|>", "▁", "\x00", "e\u0301", "xyz\n\n",
)  # fmt: skip


def make_texts() -> list[str]:
    """Different texts; the same for every version of Python."""
    choose = random.Random(SEED)
    texts = dict.fromkeys(edge_texts())
    while len(texts) < COUNT:
        texts[random_text(choose)] = None
    return list(texts)


def edge_texts() -> list[str]:
    pieces = [*SENTENCES, *EMOJI, *SPACES, *CONTROLS, *LOOK_ALIKES, *PUNCTUATION]
    sides = (("a", "b"), (" ", " "), ("!", "!"), ("", " a"))
    around = [f"{left}{piece}{right}" for piece in pieces[len(SENTENCES) :] for left, right in sides]
    return ["", *pieces, *around, *(piece * 600 for piece in LONG)]


def random_text(choose: random.Random) -> str:
    return "".join(random_piece(choose) for _ in range(choose.randint(1, 5)))


def random_piece(choose: random.Random) -> str:
    kind = choose.randrange(8)
    if kind == 0:
        return part_of(choose.choice(SENTENCES), choose)
    if kind == 1:
        return "".join(random_character(choose) for _ in range(choose.randint(1, 4)))
    if kind == 2:
        return str(choose.randrange(10 ** choose.randint(1, 12)))
    if kind == 3:
        return choose.choice(SENTENCES[0].split()) + choose.choice(("", " "))
    return choose.choice((EMOJI, SPACES, CONTROLS + LOOK_ALIKES, PUNCTUATION)[kind - 4])


def part_of(sentence: str, choose: random.Random) -> str:
    start = choose.randrange(len(sentence))
    return sentence[start : start + choose.randint(1, 30)]


def random_character(choose: random.Random) -> str:
    """One that was in Unicode 3.2, so that every Python, Node and Rust has the same class for it."""
    while True:
        character = chr(choose.choice((choose.randrange(0x250), choose.randrange(0x3100), choose.randrange(0x2FA1E))))
        if unicodedata.ucd_3_2_0.category(character) not in ("Cn", "Cs"):
            return character
