export * from "./accelerators";
export * from "./autoscaling";
export * from "./certificates";
export * from "./cluster";
export * from "./contracts";
export * from "./images";
export * from "./problems";
export * from "./training";
