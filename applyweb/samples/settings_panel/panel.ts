import { Store } from "../store";
import { Toast } from "../toast";

export interface Settings {
  theme: "light" | "dark" | "system";
  tabWidth: number;
  wrap: boolean;
}

const DEFAULTS: Settings = {
  theme: "system",
  tabWidth: 4,
  wrap: true,
};

export class SettingsPanel {
  private settings: Settings = { ...DEFAULTS };

  constructor(
    private readonly store: Store,
    private readonly toast: Toast,
  ) {}

  async load(): Promise<Settings> {
    const saved = await this.store.get("settings");
    this.settings = { ...DEFAULTS, ...saved };
    return this.settings;
  }

  async save(change: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    await this.store.set("settings", this.settings);
    this.toast.show("Saved");
  }

  async reset(): Promise<void> {
    await this.save(DEFAULTS);
  }

  describe(): string {
    const { theme, tabWidth, wrap } = this.settings;
    return `${theme}, ${tabWidth} columns, ${wrap ? "wrapped" : "scrolled"}`;
  }
}
