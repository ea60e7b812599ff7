import { serve } from "../base/server";
import { AwsSimulator } from "./provider";

serve(new AwsSimulator());
