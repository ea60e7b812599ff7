/** What a team may use of the GPUs of one pool. */
export interface GpuShare {
    /** Name of the pool. Default: the only one of the cluster. */
    pool?: string;
    /** GPUs that are the team's own: it has them back at once, from whoever has borrowed them. */
    nominal: number;
    /** GPUs on top of them, while others leave theirs idle. Default: all that the pool has. */
    borrow?: number;
    /** GPUs of its own that others may borrow while they are idle. Default: all. */
    lend?: number;
}
