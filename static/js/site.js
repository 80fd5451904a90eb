// Pages that need no more than the common frame.
import { connectFrame } from "./frame.js";

connectFrame();
