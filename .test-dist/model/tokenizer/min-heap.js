/** A binary heap of numbers: `pop` gives the smallest. */
export class MinHeap {
    #items = [];
    push(item) {
        const items = this.#items;
        let place = items.length;
        items.push(item);
        while (place > 0) {
            const parent = (place - 1) >> 1;
            if (items[parent] <= item)
                break;
            items[place] = items[parent];
            place = parent;
        }
        items[place] = item;
    }
    /** `undefined` where nothing is left. */
    pop() {
        const smallest = this.#items[0];
        const last = this.#items.pop();
        if (this.#items.length > 0)
            this.#sink(last);
        return smallest;
    }
    /** Puts an item at the top and lets it fall to its place. */
    #sink(item) {
        const items = this.#items;
        let place = 0;
        for (let child = 1; child < items.length; child = 2 * place + 1) {
            if (child + 1 < items.length && items[child + 1] < items[child])
                child++;
            if (items[child] >= item)
                break;
            items[place] = items[child];
            place = child;
        }
        items[place] = item;
    }
}
