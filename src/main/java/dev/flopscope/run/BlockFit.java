package dev.flopscope.run;

import dev.flopscope.config.BlockConfig;
import java.util.List;

/**
 * What counts made known of the layers of one block, and of the LM head with them.
 *
 * @param block the block
 * @param layers how many layers of the model are this block
 * @param passes how many small models were executed
 * @param phases the prompt, and the tokens decoded after it, if any were
 */
public record BlockFit(BlockConfig block, int layers, int passes, List<PhaseFit> phases) {
    /** Keeps a copy of the list. */
    public BlockFit {
        phases = List.copyOf(phases);
    }
}
