import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { packageCode } from "../../../components/training/code";

describe("packageCode", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "mlp-code-"));
        mkdirSync(join(directory, "lib", "__pycache__"), { recursive: true });
        writeFileSync(join(directory, "train.py"), "print(1)");
        writeFileSync(join(directory, "lib", "net.py"), "x = 1");
        writeFileSync(join(directory, "lib", "__pycache__", "net.pyc"), "junk");
        writeFileSync(join(directory, ".secret"), "no");
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it("keeps paths and contents, and leaves hidden files and caches out", () => {
        const { files, items } = packageCode(directory, "train.py", "digits");
        expect(items.map(({ path }) => path)).toEqual(["lib/net.py", "train.py"]);
        expect(items.map(({ key }) => Buffer.from(files[key] ?? "", "base64").toString())).toEqual([
            "x = 1",
            "print(1)",
        ]);
    });

    it("gives the same digest for the same files, and another one for any change", () => {
        const before = packageCode(directory, "train.py", "digits").digest;
        expect(packageCode(directory, "train.py", "digits").digest).toBe(before);
        writeFileSync(join(directory, "lib", "net.py"), "x = 2");
        expect(packageCode(directory, "train.py", "digits").digest).not.toBe(before);
    });

    it.each([
        ["a directory that is not there", "missing", "train.py", /digits\.codeDirectory: .*a directory that exists/],
        [
            "an entry point that is not there",
            ".",
            "main.py",
            /digits\.entrypoint: "main\.py" .*lib\/net\.py, train\.py/,
        ],
    ])("refuses %s", (_, below, entrypoint, message) => {
        expect(() => packageCode(join(directory, below), entrypoint, "digits")).toThrow(message);
    });

    it("asks for no entry point where a command starts what it likes", () => {
        rmSync(join(directory, "train.py"));
        expect(packageCode(directory, undefined, "digits").items).toHaveLength(1);
    });

    it("packs what links lead to within the directory", () => {
        symlinkSync("lib", join(directory, "models"));
        symlinkSync(join(directory, "train.py"), join(directory, "main.py"));
        const { files, items } = packageCode(directory, "main.py", "digits");
        expect(items.map(({ path }) => path)).toEqual(["lib/net.py", "main.py", "models/net.py", "train.py"]);
        expect(Buffer.from(files["file-1"] ?? "", "base64").toString()).toBe("print(1)");
    });

    it.each([
        ["a link that leads nowhere", "gone.py"],
        ["a link that leads outside", "/etc/hostname"],
        ["a link to a directory outside", "/etc"],
        ["a link to the directory itself, which would never end", "."],
        ["a link to itself", "link"],
    ])("refuses %s", (_, target) => {
        symlinkSync(target, join(directory, "link"));
        expect(() => packageCode(directory, "train.py", "digits")).toThrow(
            /^digits\.codeDirectory: ".*\/link" .*links to those within codeDirectory/,
        );
    });

    it("refuses more code than a ConfigMap can hold, and says what to do", () => {
        writeFileSync(join(directory, "data.bin"), Buffer.alloc(800 * 1024));
        expect(() => packageCode(directory, "train.py", "digits")).toThrow(/KiB.*build an image/);
    });
});
