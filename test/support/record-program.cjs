// Runs a compiled Pulumi program against mocks, in a process that has no other Pulumi than the program's own.
// Arguments: the program's file. Environment: CONFIG, its configuration; PEM, what a certificate authority would say.
const { createRequire } = require("node:module");

const [, , program] = process.argv;
const own = createRequire(program);
const pulumi = own("@pulumi/pulumi");
const registered = [];

/** What a provider would fill in. */
function invented(type, name, inputs) {
    if (type.startsWith("kubernetes:")) return { metadata: { name, ...inputs.metadata } };
    if (type.startsWith("tls:")) return JSON.parse(process.env.PEM);
    return {};
}

async function main() {
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, provider, custom }) => {
                registered.push({ type, name, provider, custom });
                return { id: `${name}-id`, state: { ...inputs, ...invented(type, name, inputs) } };
            },
            call: ({ inputs }) => inputs,
        },
        "vision-training",
    );
    pulumi.runtime.setAllConfig(JSON.parse(process.env.CONFIG), []);
    const outputs = own(program)();
    await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
    // Registrations go on after the outputs are known: until none has come for a while.
    for (let last = -1; last !== registered.length;) {
        last = registered.length;
        await new Promise((resolve) => setTimeout(resolve, 500));
    }
    console.log(JSON.stringify(registered));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
