import { BinaryReader, BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { isObject, Json, JsonObject } from "./json";

// google-protobuf walks a message's whole subtree each time it is set into its parent, so the nested messages of
// a Struct cost the square of their depth: seconds for the schema of a custom resource. A Struct is therefore read
// and written as the plain value that it stands for, which hangs on an empty message.
const values = new WeakMap<Struct, JsonObject>();

/** The value that a received Struct stands for. */
export function structValue(struct: Struct): JsonObject {
    return values.get(struct) ?? struct.toJavaScript();
}

/** A Struct to send. */
export function structOf(value: JsonObject): Struct {
    const struct = new Struct();
    values.set(struct, value);
    return struct;
}

const serialize = Struct.serializeBinaryToWriter.bind(Struct);

Struct.deserializeBinaryFromReader = (struct, reader) => {
    values.set(struct, readStruct(reader));
    return struct;
};

Struct.serializeBinaryToWriter = (struct, writer) => {
    const value = values.get(struct);
    if (value === undefined) serialize(struct, writer);
    else writeStruct(value, writer);
};

/** The fields of google.protobuf.Value. */
const VALUE = { null: 1, number: 2, string: 3, bool: 4, struct: 5, list: 6 } as const;

function readStruct(reader: BinaryReader): JsonObject {
    const value: JsonObject = {};
    eachField(reader, () => {
        nested(reader, () => {
            let key = "";
            let item: Json = null;
            eachField(reader, (field) => {
                if (field === 1) key = reader.readString();
                else nested(reader, () => (item = readValue(reader)));
            });
            value[key] = item;
        });
    });
    return value;
}

function readList(reader: BinaryReader): Json[] {
    const list: Json[] = [];
    eachField(reader, () => nested(reader, () => list.push(readValue(reader))));
    return list;
}

function readValue(reader: BinaryReader): Json {
    let value: Json = null;
    eachField(reader, (field) => {
        if (field === VALUE.string) value = reader.readString();
        else if (field === VALUE.number) value = reader.readDouble();
        else if (field === VALUE.bool) value = reader.readBool();
        else if (field === VALUE.struct) nested(reader, () => (value = readStruct(reader)));
        else if (field === VALUE.list) nested(reader, () => (value = readList(reader)));
        else reader.skipField();
    });
    return value;
}

function eachField(reader: BinaryReader, read: (field: number) => void): void {
    while (reader.nextField() && !reader.isEndGroup()) read(reader.getFieldNumber());
}

function nested(reader: BinaryReader, read: () => void): void {
    reader.readMessage(undefined, read);
}

function writeStruct(value: JsonObject, writer: BinaryWriter): void {
    for (const [key, item] of Object.entries(value)) {
        within(writer, 1, () => {
            writer.writeString(1, key);
            within(writer, 2, () => writeValue(item, writer));
        });
    }
}

function writeValue(value: Json, writer: BinaryWriter): void {
    if (typeof value === "string") writer.writeString(VALUE.string, value);
    else if (typeof value === "number") writer.writeDouble(VALUE.number, value);
    else if (typeof value === "boolean") writer.writeBool(VALUE.bool, value);
    else if (Array.isArray(value)) within(writer, VALUE.list, () => writeList(value, writer));
    else if (isObject(value)) within(writer, VALUE.struct, () => writeStruct(value, writer));
    else writer.writeEnum(VALUE.null, 0);
}

function writeList(list: readonly Json[], writer: BinaryWriter): void {
    for (const item of list) within(writer, 1, () => writeValue(item, writer));
}

function within(writer: BinaryWriter, field: number, write: () => void): void {
    writer.writeMessage(field, {}, write);
}
