import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A data folder of its own for every test of a block; the result tells its parent folder. */
export function temporaryData(): () => string {
    const { XDG_DATA_HOME } = process.env;
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mlp-data-"));
        process.env.XDG_DATA_HOME = join(folder, "data");
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
        if (XDG_DATA_HOME === undefined) delete process.env.XDG_DATA_HOME;
        else process.env.XDG_DATA_HOME = XDG_DATA_HOME;
    });
    return () => folder;
}
