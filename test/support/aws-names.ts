import { createHash } from "node:crypto";

/** The account of AWS's own examples. */
export const ACCOUNT = "123456789012";

const PREFIXES: Readonly<Record<string, string>> = {
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:efs/fileSystem:FileSystem": "fs",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "fs",
};

/** Values of a resource in the form that AWS gives them, the same at each run: for judges of forms. */
export function awsNames(type: string, name: string): { readonly id: string; readonly [output: string]: unknown } {
    const digest = createHash("sha256").update(`${type} ${name}`).digest("hex");
    const prefix = PREFIXES[type];
    if (prefix !== undefined) return { id: `${prefix}-${digest.slice(0, 17)}` };
    switch (type) {
        case "aws:iam/role:Role":
            return { id: name, name, arn: `arn:aws:iam::${ACCOUNT}:role/${name}` };
        case "aws:kms/key:Key": {
            const keyId = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
            return { id: keyId, keyId, arn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${keyId}` };
        }
        default:
            return { id: name };
    }
}
