import { ACCOUNT, arn, AwsKind, AwsKinds, text } from "../kind";
import { policyFailures } from "./identity";

const SERVICE = "hashicorp/terraform-provider-aws internal/service";

const logGroup: AwsKind = {
    source: `${SERVICE}/logs/group.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: { retentionInDays: 0, skipDestroy: false },
    replaces: ["logGroupClass", "name", "namePrefix"],
    computed: (made, id) => ({ arn: arn("logs", made.region, `log-group:${id}`) }),
    references: [{ path: "kmsKeyId", to: ["aws:kms/key:Key"], blocks: false }],
};

const eventRule: AwsKind = {
    source: `${SERVICE}/events/rule.go`,
    named: "name",
    id: ({ inputs }) => text(inputs.name),
    defaults: { eventBusName: "default" },
    replaces: ["eventBusName", "name", "namePrefix"],
    computed: (made, id) => ({ arn: arn("events", made.region, `rule/${id}`) }),
};

const eventTarget: AwsKind = {
    source: `${SERVICE}/events/target.go`,
    id: (made) => `${text(made.inputs.rule)}-${text(made.inputs.targetId, made.hex(12))}`,
    replaces: ["eventBusName", "rule", "targetId"],
    computed: (made) => ({ targetId: made.inputs.targetId ?? made.hex(12) }),
    // A rule cannot be deleted since it has targets.
    references: [{ path: "rule", to: ["aws:cloudwatch/eventRule:EventRule"], blocks: true }],
};

const queue: AwsKind = {
    source: `${SERVICE}/sqs/queue.go`,
    named: "name",
    id: ({ inputs, region }) => `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${text(inputs.name)}`,
    defaults: { delaySeconds: 0, messageRetentionSeconds: 345_600, visibilityTimeoutSeconds: 30 },
    replaces: ["fifoQueue", "name", "namePrefix"],
    computed: (made, id) => ({ arn: arn("sqs", made.region, text(made.inputs.name)), url: id }),
};

const queuePolicy: AwsKind = {
    source: `${SERVICE}/sqs/queue_policy.go`,
    id: ({ inputs }) => text(inputs.queueUrl),
    replaces: ["queueUrl"],
    references: [{ path: "queueUrl", to: ["aws:sqs/queue:Queue"], blocks: false }],
    validate: (inputs) => policyFailures(inputs, "policy"),
};

const topic: AwsKind = {
    source: `${SERVICE}/sns/topic.go`,
    named: "name",
    id: ({ inputs, region }) => arn("sns", region, text(inputs.name)),
    replaces: ["fifoTopic", "name", "namePrefix"],
    computed: (_, id) => ({ arn: id, owner: ACCOUNT }),
};

const topicPolicy: AwsKind = {
    source: `${SERVICE}/sns/topic_policy.go`,
    id: ({ inputs }) => text(inputs.arn),
    replaces: ["arn"],
    computed: () => ({ owner: ACCOUNT }),
    references: [{ path: "arn", to: ["aws:sns/topic:Topic"], blocks: false }],
};

const budget: AwsKind = {
    source: `${SERVICE}/budgets/budget.go`,
    named: "name",
    id: ({ inputs }) => `${ACCOUNT}:${text(inputs.name)}`,
    defaults: { accountId: ACCOUNT, timePeriodEnd: "2087-06-15_00:00" },
    replaces: ["accountId", "name", "namePrefix"],
    computed: (_, id) => ({ arn: `arn:aws:budgets::${ACCOUNT}:budget/${id.slice(ACCOUNT.length + 1)}` }),
};

const costAllocationTag: AwsKind = {
    source: `${SERVICE}/ce/cost_allocation_tag.go`,
    id: ({ inputs }) => text(inputs.tagKey),
    replaces: ["tagKey"],
    computed: () => ({ type: "UserDefined" }),
};

const zone: AwsKind = {
    source: `${SERVICE}/route53/zone.go`,
    id: (made) => `Z${made.hex(20).toUpperCase()}`,
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    replaces: ["delegationSetId", "name"],
    computed: (_, id) => ({
        arn: `arn:aws:route53:::hostedzone/${id}`,
        nameServers: [1, 2, 3, 4].map((number) => `ns-${number}.simulated.invalid`),
        primaryNameServer: "ns-1.simulated.invalid",
        zoneId: id,
    }),
};

const record: AwsKind = {
    source: `${SERVICE}/route53/record.go`,
    id: ({ inputs }) => ["zoneId", "name", "type"].map((key) => text(inputs[key])).join("_"),
    replaces: ["name", "setIdentifier", "type", "zoneId"],
    computed: ({ inputs }) => ({ fqdn: text(inputs.name) }),
    references: [{ path: "zoneId", to: ["aws:route53/zone:Zone"], blocks: true }],
};

const certificate: AwsKind = {
    source: `${SERVICE}/acm/certificate.go`,
    id: (made) => arn("acm", made.region, `certificate/${made.hex(32)}`),
    defaults: { keyAlgorithm: "RSA_2048" },
    computed: (made, id) => ({
        arn: id,
        domainValidationOptions: [made.inputs.domainName, ...subjects(made.inputs.subjectAlternativeNames)].map(
            (domain) => ({
                domainName: text(domain),
                resourceRecordName: `_${made.hex(16)}.${text(domain).replace("*.", "")}.`,
                resourceRecordType: "CNAME",
                resourceRecordValue: `_${made.hex(20)}.simulated.invalid.`,
            }),
        ),
        status: "PENDING_VALIDATION",
    }),
};

function subjects(names: unknown): string[] {
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** The real one waits until the DNS records are there; here they count as there. */
const certificateValidation: AwsKind = {
    source: `${SERVICE}/acm/certificate_validation.go`,
    id: (made) => `validation-${made.hex(12)}`,
    replaces: ["certificateArn", "validationRecordFqdns"],
    references: [{ path: "certificateArn", to: ["aws:acm/certificate:Certificate"], blocks: false }],
};

export const OPERATIONS: AwsKinds = {
    "aws:acm/certificate:Certificate": certificate,
    "aws:acm/certificateValidation:CertificateValidation": certificateValidation,
    "aws:budgets/budget:Budget": budget,
    "aws:cloudwatch/eventRule:EventRule": eventRule,
    "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
    "aws:cloudwatch/logGroup:LogGroup": logGroup,
    "aws:costexplorer/costAllocationTag:CostAllocationTag": costAllocationTag,
    "aws:route53/record:Record": record,
    "aws:route53/zone:Zone": zone,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
    "aws:sqs/queue:Queue": queue,
    "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
};
