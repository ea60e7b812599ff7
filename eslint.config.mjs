import tseslint from "typescript-eslint";

// Imports point one way (DESIGN §2). A folder that may not import another gets that folder's name here.
const forbidden = {
    components: ["infra", "stacks", "policies", "cli", "toolchain", "test", "services", "images", "examples"],
    infra: ["policies", "cli", "toolchain", "test", "services", "examples"],
    policies: ["infra", "components", "cli", "toolchain", "test", "services", "images", "examples"],
    toolchain: ["infra", "components", "policies", "cli", "test", "services", "examples"],
    images: ["infra", "components", "policies", "cli", "toolchain", "test", "services", "examples"],
    cli: ["policies", "components", "test", "services"],
};

const directions = Object.entries(forbidden).map(([folder, others]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
        "no-restricted-imports": [
            "error",
            {
                patterns: [
                    {
                        regex: `^(\\.\\./)+(${others.join("|")})(/|$)`,
                        message: `${folder} must not import this folder: imports point one way, see DESIGN.`,
                    },
                ],
            },
        ],
    },
}));

// A component sees its neighbours only through their index.ts.
const componentInternals = {
    files: ["components/*/**/*.ts"],
    rules: {
        "no-restricted-imports": [
            "error",
            {
                patterns: [
                    {
                        regex: `^(\\.\\./)+(${forbidden.components.join("|")})(/|$)`,
                        message: "components must not import this folder: imports point one way, see DESIGN.",
                    },
                    {
                        regex: "^\\.\\./(?!kubernetes/)[^./]+/.+",
                        message: "Import the component's index.ts or components/contracts.ts, not its internals.",
                    },
                ],
            },
        ],
    },
};

export default tseslint.config(
    { ignores: ["**/node_modules/**", "**/dist/**", "coverage/**", "**/*.cjs", "**/*.mjs", "jest.config.js"] },
    ...tseslint.configs.recommendedTypeChecked,
    {
        // One program for all: each of the nearer tsconfig.json files would load AWS's types again, a gigabyte each.
        languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/no-explicit-any": "error",
            "@typescript-eslint/no-non-null-assertion": "error",
            "@typescript-eslint/no-unused-vars": [
                "error",
                { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
            ],
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "@typescript-eslint/consistent-type-imports": "off",
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
            eqeqeq: "error",
        },
    },
    {
        files: ["test/**/*.ts"],
        rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/require-await": "off" },
    },
    ...directions,
    componentInternals,
);
