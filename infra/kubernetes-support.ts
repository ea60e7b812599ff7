/** End of standard support on EKS by minor version, as of 2026-11-23. @see endoflife.date: amazon-eks */
export const eksStandardSupportUntil: Readonly<Record<string, string>> = {
    "1.34": "2026-12-02",
    "1.35": "2027-03-27",
    "1.36": "2027-08-02",
};

/** Minor versions that the platform's pinned controllers are built and tested for, oldest first. */
export const supportedMinors: readonly string[] = ["1.34", "1.35", "1.36", "1.37"];
