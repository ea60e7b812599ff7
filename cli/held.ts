/** A resource of an exported state, as far as we read it. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Why something outlives an ordinary destroy, or its end. */
export interface Holdings {
    /** Pulumi refuses to delete them. */
    readonly protected: readonly StateResource[];
    /** AWS itself refuses to delete them. */
    readonly deletionProtected: readonly StateResource[];
    /** They stay when the stack goes. */
    readonly retained: readonly StateResource[];
    /** What holds their data once they are gone. */
    readonly backedUp: readonly { readonly resource: StateResource; readonly by: string }[];
}

/** Backups by the type that says so: what to tell of one, or nothing where it makes none. */
const BACKUPS: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>) => string | undefined>> = {
    "aws:efs/backupPolicy:BackupPolicy": ({ backupPolicy }) =>
        (backupPolicy as { status?: unknown } | undefined)?.status === "ENABLED"
            ? "AWS Backup, daily, kept for 35 days"
            : undefined,
    "aws:fsx/lustreFileSystem:LustreFileSystem": ({ automaticBackupRetentionDays: days, skipFinalBackup }) =>
        skipFinalBackup === false
            ? `a final backup${typeof days === "number" ? `, and ${days} days of them` : ""}`
            : undefined,
    "aws:rds/instance:Instance": ({ skipFinalSnapshot, finalSnapshotIdentifier: name }) =>
        skipFinalSnapshot === true ? undefined : `the final snapshot ${String(name)}`,
    "aws:kms/key:Key": ({ deletionWindowInDays: days }) =>
        `${typeof days === "number" ? days : 30} days in which its deletion can be cancelled`,
};

/** What is protected, retained and backed up in a state. Pure. */
export function holdingsOf(resources: readonly StateResource[]): Holdings {
    return {
        protected: resources.filter(({ protect }) => protect === true),
        deletionProtected: resources.filter(({ inputs }) => isDeletionProtected(inputs)),
        retained: resources.filter(({ type, retainOnDelete, inputs }) => {
            return (
                retainOnDelete === true || (type === "aws:cloudwatch/logGroup:LogGroup" && inputs?.skipDestroy === true)
            );
        }),
        backedUp: resources.flatMap((resource) => {
            const by = BACKUPS[resource.type]?.(resource.inputs ?? {});
            return by === undefined ? [] : [{ resource, by }];
        }),
    };
}

function isDeletionProtected(inputs: StateResource["inputs"]): boolean {
    return inputs?.deletionProtection === true || inputs?.enableDeletionProtection === true;
}

/** A resource in a line: the last part of its type, and its name. */
export function titleOf({ urn, type, id }: StateResource): string {
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    return `${type.slice(type.lastIndexOf(":") + 1)} ${name}${id === undefined || id === "" || id === name ? "" : ` (${id})`}`;
}

/** The holdings of a stack, for its reader. Pure. */
export function describeHoldings(stack: string, resources: readonly StateResource[]): string[] {
    const { protected: kept, deletionProtected, retained, backedUp } = holdingsOf(resources);
    const section = (title: string, lines: readonly string[]) => [
        `  ${title}: ${lines.length === 0 ? "nothing" : ""}`.trimEnd(),
        ...lines.map((line) => `    ${line}`),
    ];
    return [
        `${stack}: ${resources.length} resources`,
        ...section("protected, by Pulumi", kept.map(titleOf)),
        ...section("protected, by AWS as well", deletionProtected.map(titleOf)),
        ...section("retained: they stay when the stack goes", retained.map(titleOf)),
        ...section(
            "backed up",
            backedUp.map(({ resource, by }) => `${titleOf(resource)}: ${by}`),
        ),
    ];
}
