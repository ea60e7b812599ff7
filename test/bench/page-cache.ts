import { execFileSync } from "node:child_process";

// Node has no posix_fadvise.
const DROP = `
import os, sys
for top in sys.argv[1:]:
    for folder, _, files in os.walk(top):
        for name in files:
            try:
                file = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)
`;

/** Asks the kernel to forget what it holds of these folders' files; it keeps what a running process has mapped. */
export function dropFromPageCache(...folders: readonly string[]): void {
    execFileSync("python3", ["-c", DROP, ...folders], { stdio: ["ignore", "ignore", "inherit"] });
}
