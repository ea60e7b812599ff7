import * as fc from "fast-check";

import * as der from "../../../../../toolchain/providers/tls/der";

const hex = (bytes: Buffer): string => bytes.toString("hex");

describe("DER", () => {
    it.each([
        [Buffer.from([0x7f]), "02017f"],
        [Buffer.from([0x80]), "02020080"],
        [Buffer.from([0, 0, 1]), "020101"],
        [Buffer.from([0]), "020100"],
    ])("writes the integer %j in its shortest form", (bytes, expected) => {
        expect(hex(der.integer(bytes))).toBe(expected);
    });

    it("writes object identifiers", () => {
        expect(hex(der.objectIdentifier("1.2.840.113549.1.1.11"))).toBe("06092a864886f70d01010b");
    });

    it("writes named bits without trailing zeros", () => {
        expect(hex(der.namedBits([0, 5, 6]))).toBe("03020186");
        expect(hex(der.namedBits([8]))).toBe("0303070080");
    });

    it("writes years from 2050 on with four digits", () => {
        expect(der.time(new Date("2049-12-31T23:59:59Z")).toString("latin1")).toContain("491231235959Z");
        expect(der.time(new Date("2050-01-01T00:00:00Z")).toString("latin1")).toContain("20500101000000Z");
    });

    it("reads back what it wrote, whatever the length", () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 70_000 }), (content) => {
                const [element] = der.elements(der.octetString(content));
                expect(element?.content.equals(Buffer.from(content))).toBe(true);
            }),
            { numRuns: 50 },
        );
    });

    it("does not read beyond the end", () => {
        expect(() => der.elements(Buffer.from([0x30, 0x05, 0x00]))).toThrow("ends too early");
    });
});
