import { JsonObject, UNKNOWN } from "../../../../../toolchain/providers/base/json";
import { Account, network } from "./account";

let account: Account;
beforeEach(() => (account = new Account()));
afterEach(() => account.close());

describe("a bucket", () => {
    it("keeps its settings as resources of their own, known by its name", async () => {
        const bucket = await account.make("aws:s3/bucket:Bucket", "artifacts", { bucket: "dev-artifacts" });
        expect(bucket).toMatchObject({ id: "dev-artifacts", outputs: { arn: "arn:aws:s3:::dev-artifacts" } });

        const versioning = await account.make("aws:s3/bucketVersioning:BucketVersioning", "artifacts", {
            bucket: "dev-artifacts",
            versioningConfiguration: { status: "Enabled" },
        });
        expect(versioning.id).toBe("dev-artifacts");
        const other = { bucket: "other", versioningConfiguration: { status: "Enabled" } };
        expect(account.diff(versioning, other)).toMatchObject({ replaces: [{ path: ["bucket"] }] });
    });

    it("has to be there before its settings, and has the world's names", async () => {
        const settings = { bucket: "nobodys", rule: { objectOwnership: "BucketOwnerEnforced" } };
        await expect(
            account.make("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "it", settings),
        ).rejects.toThrow(/bucket names nobodys, which is not in the simulated account/);
        expect(account.refused("aws:s3/bucket:Bucket", { bucket: "Dev_Artifacts" })).toEqual([
            expect.stringMatching(/^bucket Dev_Artifacts is not allowed/),
        ]);
    });
});

describe("a database", () => {
    const settings: JsonObject = {
        identifier: "dev",
        engine: "postgres",
        instanceClass: "db.t4g.small",
        allocatedStorage: 20,
        maxAllocatedStorage: 100,
        username: "administrator",
        password: "x",
        dbSubnetGroupName: "dev",
        skipFinalSnapshot: true,
    };

    const database = async (more: JsonObject = {}) => {
        const made = await network(account);
        const { subnetIds } = made;
        const subnetGroup = await account.make("aws:rds/subnetGroup:SubnetGroup", "dev", { name: "dev", subnetIds });
        const instance = await account.make("aws:rds/instance:Instance", "dev", { ...settings, ...more });
        return { ...made, subnetGroup, instance };
    };

    it("gets an address of its own, and is changed in place but for what AWS cannot change", async () => {
        const { instance } = await database();
        expect(instance.outputs).toMatchObject({
            address: "dev.simulated.eu-west-1.rds.amazonaws.com",
            endpoint: "dev.simulated.eu-west-1.rds.amazonaws.com:5432",
        });
        expect(account.diff(instance, { ...settings, allocatedStorage: 40 }).replaces ?? []).toEqual([]);
        expect(account.diff(instance, { ...settings, username: "other" }).replaces).toEqual([
            expect.objectContaining({ path: ["username"] }),
        ]);
    });

    it("keeps subnet group and subnets from being deleted", async () => {
        const { instance, subnetGroup, subnets } = await database();
        await expect(account.remove(subnetGroup)).rejects.toThrow();
        await account.remove(instance);
        await expect(account.remove(subnets[0]!)).rejects.toThrow();
        await account.remove(subnetGroup);
        await account.remove(subnets[0]!);
    });

    it("is not deleted while protected, nor without a word on its last snapshot", async () => {
        const { instance } = await database({ deletionProtection: true, skipFinalSnapshot: false });
        await expect(account.remove(instance)).rejects.toThrow(/deletion protection is enabled/);
        const open = await account.change(instance, {
            ...settings,
            deletionProtection: false,
            skipFinalSnapshot: false,
        });
        await expect(account.remove(open)).rejects.toThrow(/finalSnapshotIdentifier is required/);
        await account.remove(await account.change(open, { ...settings, finalSnapshotIdentifier: "last" }));
    });

    it("has to keep RDS' own rules", () => {
        const wrong = {
            ...settings,
            identifier: "Dev--1",
            allocatedStorage: 10,
            maxAllocatedStorage: 10,
            backupRetentionPeriod: 36,
        };
        expect(account.refused("aws:rds/instance:Instance", wrong).map((line) => line.split(" ")[0])).toEqual([
            "identifier",
            "allocatedStorage",
            "maxAllocatedStorage",
            "backupRetentionPeriod",
        ]);
    });

    it("may have a name that is not known yet", () => {
        expect(account.refused("aws:rds/instance:Instance", { ...settings, identifier: UNKNOWN })).toEqual([]);
    });

    it("wants subnets in two zones", async () => {
        const { subnetIds } = await network(account);
        const one = { name: "dev", subnetIds: subnetIds.slice(0, 1) };
        await expect(account.make("aws:rds/subnetGroup:SubnetGroup", "dev", one)).rejects.toThrow(
            /DBSubnetGroupDoesNotCoverEnoughAZs/,
        );
    });
});
