// selection.ts - the row and the unit that several panels look at.

export interface Row { part: "train" | "validation" | "test"; row: number } // as lab_points numbers them
export interface Unit { layer: number; unit: number; name: string }       // layer: of description.layers; name: for people

/** A value that parts of the page share; who listens is told when it becomes another. */
export class Shared<T> {
    private readonly listeners: ((value: T | null) => void)[] = [];
    constructor(private held: T | null = null) {}
    get value(): T | null { return this.held; }
    on(listener: (value: T | null) => void): void { this.listeners.push(listener); }
    set(value: T | null): void {
        if (JSON.stringify(value) === JSON.stringify(this.held)) return;
        this.held = value;
        for (const listener of this.listeners) listener(value);
    }
}

export const chosenRow = new Shared<Row>();
export const shownUnit = new Shared<Unit>(); // its picture is shown large while it is pointed at
