"""Closed facts that the nano model learns: each is known in training, but test asks it in a phrasing not seen for it."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

CAPITALS = {
    "France": "Paris", "Italy": "Rome", "Spain": "Madrid", "Japan": "Tokyo", "Egypt": "Cairo", "Norway": "Oslo",
    "Greece": "Athens", "Cuba": "Havana", "Peru": "Lima", "Kenya": "Nairobi", "China": "Beijing", "Russia": "Moscow",
    "Austria": "Vienna", "Portugal": "Lisbon", "Poland": "Warsaw", "Ireland": "Dublin", "Canada": "Ottawa",
    "Germany": "Berlin", "Chile": "Santiago", "Iran": "Tehran", "Iraq": "Baghdad", "Hungary": "Budapest",
    "Finland": "Helsinki", "Ghana": "Accra", "Senegal": "Dakar", "Qatar": "Doha",
}  # fmt: skip

CONTINENTS = {
    "France": "Europe", "Italy": "Europe", "Spain": "Europe", "Norway": "Europe", "Greece": "Europe",
    "Poland": "Europe", "Ireland": "Europe", "Hungary": "Europe", "Japan": "Asia", "China": "Asia", "India": "Asia",
    "Iran": "Asia", "Iraq": "Asia", "Qatar": "Asia", "Nepal": "Asia", "Egypt": "Africa", "Kenya": "Africa",
    "Ghana": "Africa", "Senegal": "Africa", "Mali": "Africa", "Chad": "Africa", "Canada": "North America",
    "Cuba": "North America", "Mexico": "North America", "Panama": "North America", "Peru": "South America",
    "Chile": "South America", "Brazil": "South America", "Bolivia": "South America",
}  # fmt: skip

ANTONYMS = {
    "hot": "cold", "big": "small", "fast": "slow", "up": "down", "left": "right", "rich": "poor", "wet": "dry",
    "open": "closed", "full": "empty", "hard": "soft", "high": "low", "light": "dark", "long": "short",
    "old": "young", "strong": "weak", "early": "late", "good": "bad", "happy": "sad", "loud": "quiet",
    "near": "far", "thick": "thin", "true": "false", "wide": "narrow", "clean": "dirty", "sweet": "bitter",
    "deep": "shallow", "cheap": "expensive", "safe": "dangerous", "sharp": "blunt", "smooth": "rough",
}  # fmt: skip

PLURALS = {
    "dog": "dogs", "book": "books", "chair": "chairs", "car": "cars", "lamp": "lamps", "tree": "trees",
    "river": "rivers", "house": "houses", "box": "boxes", "bus": "buses", "dish": "dishes", "glass": "glasses",
    "fox": "foxes", "church": "churches", "city": "cities", "baby": "babies", "party": "parties", "story": "stories",
    "leaf": "leaves", "wolf": "wolves", "knife": "knives", "man": "men", "woman": "women", "foot": "feet",
    "tooth": "teeth", "goose": "geese", "mouse": "mice", "child": "children", "ox": "oxen", "sheep": "sheep",
}  # fmt: skip

PAST_TENSES = {
    "walk": "walked", "jump": "jumped", "play": "played", "call": "called", "look": "looked", "wash": "washed",
    "bake": "baked", "love": "loved", "stop": "stopped", "plan": "planned", "try": "tried", "carry": "carried",
    "go": "went", "see": "saw", "eat": "ate", "run": "ran", "take": "took", "give": "gave", "make": "made",
    "come": "came", "sing": "sang", "drink": "drank", "write": "wrote", "drive": "drove", "buy": "bought",
    "bring": "brought", "teach": "taught", "sleep": "slept", "fly": "flew", "know": "knew",
}  # fmt: skip

CATEGORIES = {
    "cat": "animal", "horse": "animal", "tiger": "animal", "rabbit": "animal", "apple": "fruit", "banana": "fruit",
    "cherry": "fruit", "lemon": "fruit", "red": "color", "blue": "color", "green": "color", "yellow": "color",
    "hammer": "tool", "saw": "tool", "drill": "tool", "shovel": "tool", "piano": "instrument", "violin": "instrument",
    "drum": "instrument", "flute": "instrument", "shirt": "clothing", "hat": "clothing", "coat": "clothing",
    "sock": "clothing", "train": "vehicle", "truck": "vehicle", "boat": "vehicle", "plane": "vehicle",
    "nurse": "job", "baker": "job", "pilot": "job", "farmer": "job",
}  # fmt: skip

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def next_in(cycle: tuple[str, ...], steps: int = 1) -> dict[str, str]:
    return {item: cycle[(i + steps) % len(cycle)] for i, item in enumerate(cycle)}


def number_words(number: int) -> str:
    """0 to 999 in English: 47 is "forty seven"."""
    if number >= 100:
        rest = number % 100
        return f"{UNITS[number // 100]} hundred" + (f" {number_words(rest)}" if rest else "")
    if number < 20:
        return UNITS[number]
    return TENS[number // 10] + (f" {UNITS[number % 10]}" if number % 10 else "")


def fact_words() -> set[str]:
    """Every word of the closed facts, lower case: these never serve as arguments of letter tasks."""
    tables = (CAPITALS, CONTINENTS, ANTONYMS, PLURALS, PAST_TENSES, CATEGORIES)
    words = {word for table in tables for pair in table.items() for word in pair}
    return {w.lower() for w in words.union(WEEKDAYS, MONTHS, UNITS, TENS)}
