/** Words for RandomPet: short, friendly and easy to say. The official plugin has longer lists. */
export const ADVERBS = ["barely", "brightly", "calmly", "fairly", "gently", "gladly", "kindly", "neatly", "quietly"];

export const ADJECTIVES = [
    "able",
    "brave",
    "busy",
    "clever",
    "eager",
    "fair",
    "happy",
    "keen",
    "lucky",
    "proud",
    "wise",
];

export const ANIMALS = [
    "badger",
    "bear",
    "crane",
    "deer",
    "falcon",
    "fox",
    "hare",
    "heron",
    "lynx",
    "otter",
    "owl",
    "seal",
];
