/** When the artifacts of a workflow are deleted. */
export const ArtifactCollection = {
    /** By the bucket's lifecycle alone: cached steps and the archive go on pointing to them. */
    Never: "never",
    /** When the workflow leaves the cluster. Cached steps then lose what they made. */
    OnWorkflowDeletion: "on-workflow-deletion",
} as const;
export type ArtifactCollection = (typeof ArtifactCollection)[keyof typeof ArtifactCollection];
