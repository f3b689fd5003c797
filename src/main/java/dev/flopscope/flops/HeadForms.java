package dev.flopscope.flops;

import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;

/** The closed forms of the LM head. */
record HeadForms(ModelConfig model) {
    /** V·D, or 0 if tied to the embedding. */
    long parameters() {
        return model.head().tied() ? 0 : Exact.product(model.vocabSize(), model.dModel());
    }

    /** Logits of every token, 2·B·T·D·V FLOPs, or of the last token of each sequence, 2·B·D·V; tied or not. */
    ProductForm product(Phase phase) {
        return phase.logits() == LogitsRows.ALL
                ? Projection.of(MatmulKind.LM_HEAD, phase, "D·V", model.dModel(), model.vocabSize())
                : Projection.ofLastTokens(MatmulKind.LM_HEAD, phase, "D·V", model.dModel(), model.vocabSize());
    }
}
