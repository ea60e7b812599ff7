import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { UNKNOWN } from "../../../../toolchain/providers/base/json";
import { decode, encode } from "../../../../toolchain/providers/base/properties";
import { structValue } from "../../../../toolchain/providers/base/struct";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

describe("properties on the wire", () => {
    it("unwraps secrets and remembers where they stood", () => {
        const wire = Struct.fromJavaScript({ data: secret({ a: "x" }), list: [1, secret("y")] });

        expect(decode(wire)).toEqual({ value: { data: { a: "x" }, list: [1, "y"] }, secrets: [["data"], ["list", 1]] });
    });

    it("makes every kind of unknown the same unknown", () => {
        const wire = Struct.fromJavaScript({ flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", text: UNKNOWN });

        expect(decode(wire).value).toEqual({ flag: UNKNOWN, text: UNKNOWN });
    });

    it("marks a secret once even if something inside it is secret too", () => {
        const written = structValue(encode({ value: { a: { b: "x" } }, secrets: [["a", "b"], ["a"]] }));

        expect(written).toEqual({ a: secret({ b: "x" }) });
    });

    it("gives back what it was given", () => {
        const properties = { value: { a: [{ b: "x" }], n: 1, t: true, z: null }, secrets: [["a", 0, "b"]] };

        expect(decode(encode(properties))).toEqual(properties);
    });

    it("ignores secret paths that lead nowhere", () => {
        expect(structValue(encode({ value: { a: 1 }, secrets: [["b", "c"]] }))).toEqual({ a: 1 });
    });
});
