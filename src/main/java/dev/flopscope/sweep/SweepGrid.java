package dev.flopscope.sweep;

import dev.flopscope.config.Attention;
import dev.flopscope.config.Engine;
import dev.flopscope.config.LogitsRows;
import dev.flopscope.config.ModelConfigWriter;
import dev.flopscope.config.ModelSource;
import dev.flopscope.config.Prompt;
import dev.flopscope.config.RunSpec;
import dev.flopscope.config.WeightsMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a sweep measures: every combination of the listed settings, with the same other settings in each.
 *
 * @param models the models, with the folders of their checkpoints
 * @param threads numbers of threads
 * @param attentions algorithms of attention with their tiles
 * @param batches values of B
 * @param contexts values of T; each model's own context length if there are none
 * @param chunk new tokens of the prompt in one forward pass; if empty, all of them
 * @param decode tokens decoded after the prompt; if empty, none
 * @param logits of which tokens of the prompt there are logits
 * @param weights whether each layer has weights of its own
 * @param seed of the weights and the ids
 * @param engine which library multiplies
 */
public record SweepGrid(
        List<ModelSource> models,
        List<Integer> threads,
        List<Attention> attentions,
        List<Integer> batches,
        List<Integer> contexts,
        OptionalInt chunk,
        OptionalInt decode,
        LogitsRows logits,
        WeightsMode weights,
        long seed,
        Engine engine) {
    /** Keeps copies of the lists. */
    public SweepGrid {
        models = List.copyOf(models);
        threads = List.copyOf(threads);
        attentions = List.copyOf(attentions);
        batches = List.copyOf(batches);
        contexts = List.copyOf(contexts);
    }

    /**
     * Every combination once. The order is that of the lists; contexts change fastest, then batches, attention and threads.
     *
     * @throws IllegalArgumentException if a row cannot hold a model's config
     */
    public List<SweepPoint> points() {
        Set<SweepPoint> points = new LinkedHashSet<>();
        for (ModelSource source : models) {
            ModelConfigWriter.write(source.model());
            for (int count : threads) {
                for (Attention attention : attentions) {
                    addPoints(source, count, attention, points);
                }
            }
        }
        return List.copyOf(points);
    }

    private void addPoints(ModelSource source, int count, Attention attention, Set<SweepPoint> points) {
        for (int batch : batches) {
            for (int context : contexts.isEmpty() ? List.of(source.model().contextLength()) : contexts) {
                points.add(new SweepPoint(new RunSpec(
                        source.model(),
                        batch,
                        OptionalInt.of(context),
                        chunk,
                        decode,
                        logits,
                        attention,
                        new Prompt.Seeded(),
                        source.folder(),
                        weights,
                        seed,
                        engine,
                        count)));
            }
        }
    }
}
