import { nextStep } from "../../../cli/destroy";
import { UserError } from "../../../cli/errors";
import { describeHoldings, holdingsOf, StateResource, titleOf } from "../../../cli/held";

const resource = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
    urn: `urn:pulumi:prod::mlp::mlp:index:EksGpuCluster$${type}::${name}`,
    type,
    ...more,
});

const vpc = resource("aws:ec2/vpc:Vpc", "cluster", { id: "vpc-1" });
const key = resource("aws:kms/key:Key", "cluster-key", { protect: true, inputs: { deletionWindowInDays: 30 } });
const cluster = resource("aws:eks/cluster:Cluster", "cluster", { inputs: { deletionProtection: true } });
const logs = resource("aws:cloudwatch/logGroup:LogGroup", "logs", { retainOnDelete: true });
const kept = resource("aws:cloudwatch/logGroup:LogGroup", "kept", { inputs: { skipDestroy: true } });
const backup = resource("aws:efs/backupPolicy:BackupPolicy", "homes", {
    inputs: { backupPolicy: { status: "ENABLED" } },
});
const noBackup = resource("aws:efs/backupPolicy:BackupPolicy", "cache", {
    inputs: { backupPolicy: { status: "DISABLED" } },
});
const all = [vpc, key, cluster, logs, kept, backup, noBackup];

describe("what outlives a destroy", () => {
    it("is what a state says of protection, retention and backups", () => {
        expect(holdingsOf(all)).toEqual({
            protected: [key],
            deletionProtected: [cluster],
            retained: [logs, kept],
            backedUp: [
                { resource: key, by: "30 days in which its deletion can be cancelled" },
                { resource: backup, by: "AWS Backup, daily, kept for 35 days" },
            ],
        });
    });

    it("is told by type, name and id", () => {
        expect(titleOf(vpc)).toBe("Vpc cluster (vpc-1)");
        expect(describeHoldings("prod-cluster", all)).toEqual(
            expect.arrayContaining(["prod-cluster: 7 resources", "    Key cluster-key", "    LogGroup logs"]),
        );
        expect(describeHoldings("dev", [vpc])).toContain("  protected, by Pulumi: nothing");
    });
});

describe("a call of destroy", () => {
    it("without a step changes nothing, and names the steps that there are", () => {
        expect(nextStep("prod", {}, all)).toEqual({
            run: "nothing",
            say:
                "Nothing was changed. To destroy prod: `mlp destroy --env prod --release prod`, " +
                "and then `mlp destroy --env prod --confirm prod`.",
        });
        expect(nextStep("dev", {}, [vpc]).say).toBe(
            "Nothing was changed. To destroy dev: `mlp destroy --env dev --confirm dev`.",
        );
    });

    it.each([{ release: "staging" }, { confirm: "staging" }, { release: "" }])("refuses the wrong name: %j", (step) => {
        expect(() => nextStep("prod", step, all)).toThrow(/name the environment that goes, prod/);
    });

    it("releases before it destroys, and refuses to skip that, naming what is protected", () => {
        expect(nextStep("prod", { release: "prod" }, all).run).toBe("release");
        expect(() => nextStep("prod", { confirm: "prod" }, all)).toThrow(UserError);
        expect(() => nextStep("prod", { confirm: "prod" }, all)).toThrow(
            /prod is protected: Key cluster-key, Cluster cluster\. Release it first/,
        );
    });

    it("never does both at once", () => {
        expect(nextStep("prod", { release: "prod", confirm: "prod" }, all).run).toBe("release");
    });

    it("destroys what nothing protects any more", () => {
        expect(nextStep("prod", { confirm: "prod" }, [vpc, logs])).toEqual({
            run: "destroy",
            say: "prod is destroyed.",
        });
        expect(nextStep("prod", { release: "prod" }, [vpc]).run).toBe("nothing");
        expect(nextStep("prod", { confirm: "prod" }, [])).toEqual({ run: "nothing", say: "There is nothing of prod." });
    });
});
