import { execFileSync } from "node:child_process";

import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { JsonObject } from "../../../../toolchain/providers/base/json";
import { structOf, structValue } from "../../../../toolchain/providers/base/struct";

// google-protobuf's own Struct, in a process where ours is not loaded: reads what was written, writes it again.
const OWN = `
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const written = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const values = written.map((text) => Struct.deserializeBinary(Buffer.from(text, "base64")).toJavaScript());
const bytes = values.map((value) => Buffer.from(Struct.fromJavaScript(value).serializeBinary()).toString("base64"));
process.stdout.write(JSON.stringify({ values, bytes }));
`;

const json = fc.jsonValue({ depthSize: "medium" }).map((value) => ({ value }) as unknown as JsonObject);
// As JSON has it: no negative zero.
const values = fc.sample(json, 300).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const written = values.map((value) => Buffer.from(structOf(value).serializeBinary()).toString("base64"));
const own = JSON.parse(
    execFileSync(process.execPath, ["-e", OWN], { input: JSON.stringify(written), encoding: "utf8" }),
) as { values: JsonObject[]; bytes: string[] };

test("a value is read by google-protobuf as it was written", () => {
    expect(own.values).toEqual(values);
});

test("a value written by google-protobuf is read as it was", () => {
    const read = own.bytes.map((bytes) => structValue(Struct.deserializeBinary(Buffer.from(bytes, "base64"))));
    expect(read).toEqual(values);
});

test("a Struct that google-protobuf made itself keeps its value", () => {
    const value = { a: [1, "x", { b: null, c: false }] };
    const made = Struct.fromJavaScript(value);
    expect(structValue(made)).toEqual(value);
    expect(structValue(Struct.deserializeBinary(made.serializeBinary()))).toEqual(value);
});
