package dev.flopscope.forward;

import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.AttentionOperator;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.ExecutionContext;
import dev.flopscope.backend.KeyValues;
import dev.flopscope.backend.Products;
import dev.flopscope.backend.RotaryTable;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Attention;
import dev.flopscope.config.AttentionConfig;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.Chunk;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.config.RotaryConfig;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Scope;
import dev.flopscope.weights.BlockWeights;
import dev.flopscope.weights.ModelWeights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A decoder's forward pass over a chunk of B sequences: a prompt, a part of one, or a token after it. The equations are the
 * same for all; what differs is where the rows stand and how many keys they attend to.
 *
 * <p>Every product goes to the products of an {@link ExecutionContext} under the name of its site. There is one pass at a
 * time: the buffers are reused from layer to layer and from pass to pass.
 */
public final class Transformer {
    private final ModelConfig model;
    private final Tensor embedding;
    private final Optional<Tensor> positions;
    private final List<Block> blocks;
    private final Head head;
    private final Backend backend;
    private final Activations activations;
    private final Optional<KvCache> cache;

    /**
     * Allocates the buffers for passes of {@code phases}.
     *
     * @param model the extents
     * @param weights its parameters
     * @param attention the algorithm of attention and its tiles
     * @param phases what will be run; they may go beyond the model's context length where positions are rotary
     * @param cache of the same model and batch, for the tokens of all phases; if there is none, only a prompt in one chunk can
     *     be run
     * @param backend what computes
     * @param memory where the buffers come from
     * @param scratch where tiles of scores come from, a few MiB a thread
     * @throws IllegalArgumentException if the cache is too short
     */
    public Transformer(
            ModelConfig model,
            ModelWeights weights,
            Attention attention,
            List<Phase> phases,
            Optional<KvCache> cache,
            Backend backend,
            Allocator memory,
            Allocator scratch) {
        int last = phases.stream().mapToInt(Phase::end).max().orElseThrow();
        if (cache.isPresent() && cache.get().capacity() < last) {
            throw new IllegalArgumentException(
                    "a cache of " + cache.get().capacity() + " positions cannot hold " + last + " tokens");
        }
        this.model = model;
        this.embedding = weights.embedding();
        this.positions = weights.positions();
        this.backend = backend;
        this.cache = cache;
        this.activations = new Activations(model, phases, backend, memory);
        List<AttentionConfig> heads =
                model.blocks().stream().map(BlockConfig::attention).distinct().toList();
        int queries = phases.stream().mapToInt(Phase::queries).max().orElseThrow();
        Chunk largest = new Chunk(phases.get(0).batch(), queries, 0);
        AttentionOperator operator = backend.attention(attention, heads, largest, last, memory, scratch);
        this.blocks = blocks(weights.blocks(), new SelfAttention.Shared(backend, operator, rotary(heads, last)));
        this.head = new Head(
                new Norm(MatmulSite.NO_LAYER, model.head().norm(), weights.finalNorm()),
                weights.lmHead(),
                model.head().softCap());
    }

    /** The angles of each kind of heads that is turned; kinds with the same width and frequencies share them. */
    private Map<AttentionConfig, RotaryTable> rotary(List<AttentionConfig> kinds, int positions) {
        Map<List<Object>, RotaryTable> tables = new HashMap<>();
        Map<AttentionConfig, RotaryTable> rotary = new HashMap<>();
        for (AttentionConfig heads : kinds) {
            heads.rotary()
                    .ifPresent(config -> rotary.put(
                            heads,
                            tables.computeIfAbsent(
                                    List.of(heads.headDim(), config),
                                    missing -> angles(config, heads.headDim(), positions))));
        }
        return rotary;
    }

    private RotaryTable angles(RotaryConfig config, int headDim, int positions) {
        RotaryFrequencies of = RotaryFrequencies.of(config, headDim, positions);
        double[] frequencies =
                of.frequencies().stream().mapToDouble(Double::doubleValue).toArray();
        return backend.rotary(positions, headDim, frequencies, of.amplitude());
    }

    private List<Block> blocks(List<BlockWeights> weights, SelfAttention.Shared shared) {
        List<Block> made = new ArrayList<>(model.numLayers());
        for (int layer = 0; layer < model.numLayers(); layer++) {
            BlockConfig config = model.blocks().get(layer);
            BlockWeights parameters = weights.get(layer);
            int number = layer;
            Optional<KeyValues> kept = cache.map(whole -> whole.layer(number));
            made.add(new Block(
                    layer,
                    config.arrangement(),
                    new Norm(layer, config.attentionNorm(), parameters.attentionNorm()),
                    new SelfAttention(layer, config.attention(), parameters.attention(), kept, shared),
                    new Norm(layer, config.feedForwardNorm(), parameters.feedForwardNorm()),
                    new FeedForward(layer, config.feedForward(), parameters.feedForward()),
                    parameters
                            .after()
                            .map(norms -> new Block.After(
                                    new Norm(number, config.attentionNorm(), norms.attention()),
                                    new Norm(number, config.feedForwardNorm(), norms.feedForward())))));
        }
        return List.copyOf(made);
    }

    /**
     * Runs a pass over one chunk of a phase.
     *
     * @param ids B·queries token ids, sequence by sequence
     * @param phase one of the phases that this was made for
     * @param step which of its chunks, from 0
     * @param context where products go, and who is told
     * @param progress told how many layers are done
     * @return the logits, (B·queries, V), or (B, V) where the phase has those of the last token alone; valid until the next
     *     pass; empty where the phase has none after this chunk
     * @throws IllegalArgumentException if there are not B·queries ids
     * @throws IllegalStateException if the cache does not hold what comes before the chunk
     */
    public Optional<Tensor> forward(int[] ids, Phase phase, int step, ExecutionContext context, LongConsumer progress) {
        Chunk chunk = phase.chunk(step);
        if (ids.length != chunk.rows()) {
            throw new IllegalArgumentException("a pass of batch " + chunk.batch() + " and " + chunk.queries()
                    + " tokens needs " + chunk.rows() + " ids: " + ids.length);
        }
        if (chunk.past() > cache.map(KvCache::length).orElse(0)) {
            throw new IllegalStateException(
                    "the cache does not hold the " + chunk.past() + " tokens before this chunk");
        }
        boolean logits = phase.hasLogits(step);
        Optional<Tensor> result = run(ids, phase, chunk, logits, blocks, context, progress);
        cache.ifPresent(kept -> kept.setLength(chunk.end()));
        return result;
    }

    private void embed(Pass pass, int[] ids, Tensor x, Tensor room) {
        pass.operators().gather(embedding, ids, x);
        if (model.embedding().scale() != 1) {
            pass.operators().scale(x, (float) model.embedding().scale());
        }
        if (positions.isPresent()) {
            Chunk chunk = pass.chunk();
            int[] rows = IntStream.range(0, ids.length)
                    .map(row -> chunk.past() + row % chunk.queries())
                    .toArray();
            pass.operators().gather(positions.get(), rows, room);
            pass.operators().add(x, room);
        }
    }

    private Optional<Tensor> run(
            int[] ids,
            Phase phase,
            Chunk chunk,
            boolean logits,
            Collection<Block> layers,
            ExecutionContext context,
            LongConsumer progress) {
        Pass pass = new Pass(chunk, backend.operators(), activations, context);
        Tensor x = pass.buffer(Buffer.RESIDUAL, model.dModel());
        Tensor normed = pass.buffer(Buffer.NORMED, model.dModel());
        Scope scope = phase.name() == Phase.Name.DECODE ? Scope.TOKEN : Scope.PASS;
        List<Tensor> result = new ArrayList<>();
        context.scope(scope, MatmulSite.NO_LAYER, () -> {
            pass.operator(Operator.EMBEDDING, MatmulSite.NO_LAYER, () -> embed(pass, ids, x, normed));
            long done = 0;
            for (Block block : layers) {
                block.forward(pass, x, normed);
                progress.accept(++done);
            }
            if (logits) {
                result.add(head.forward(pass, phase.logits(), x, normed));
            }
        });
        return result.stream().findFirst();
    }

    /**
     * Makes ready what the passes of a phase need: has the backend prepare for one layer of each kind and the head, and then
     * runs them until it is likely that everything is compiled, one half of the time without products: what HotSpot has to
     * compile lies between them, and is met more often without. It goes through the same code as a pass. What caches hold is
     * forgotten.
     *
     * <p>Every chunk of a prompt is rehearsed, since each attends to another number of positions, and a backend may generate
     * code for each. Of chunks of one token, of which there may be a million, only the first and the last are: a backend makes
     * nothing for the numbers of positions between them.
     *
     * @param phase one of the phases that this was made for
     * @param nanoseconds how long, at least; everything is prepared for once, however long that takes
     * @param contexts what the rehearsals run in, for the products that they are to use
     */
    public void warmUp(Phase phase, long nanoseconds, Function<Products, ExecutionContext> contexts) {
        cache.ifPresent(kept -> kept.setLength(0));
        backend.prepare(products -> {
            ExecutionContext context = contexts.apply(products);
            rehearse(phase, context, new Rehearsal(Long.MAX_VALUE));
            rehearseFor(nanoseconds / 2, phase, context);
        });
        rehearseFor(nanoseconds / 2, phase, contexts.apply(backend.products()));
    }

    private void rehearseFor(long nanoseconds, Phase phase, ExecutionContext context) {
        Rehearsal more = new Rehearsal(nanoseconds);
        while (more.goesOn()) {
            rehearse(phase, context, more);
        }
    }

    /** Time that rehearsing may take, and has taken. */
    private final class Rehearsal {
        private final long most;
        private long spent;

        Rehearsal(long most) {
            this.most = most;
        }

        boolean goesOn() {
            return spent < most;
        }

        void spend(Runnable work) {
            spent += backend.clock().nanoseconds(work);
        }
    }

    /** Runs layers of each kind and the head over chunks of a phase while there is time, which is asked before each layer. */
    private void rehearse(Phase phase, ExecutionContext context, Rehearsal rehearsal) {
        int last = phase.steps() - 1;
        Collection<Block> kinds = blocks.stream()
                .collect(Collectors.toMap(
                        block -> model.blocks().get(block.layer()),
                        Function.identity(),
                        (first, later) -> first,
                        LinkedHashMap::new))
                .values();
        for (int step = 0; step <= last; step += phase.queries() > 1 ? 1 : Math.max(1, last)) {
            Chunk chunk = phase.chunk(step);
            boolean logits = phase.hasLogits(step);
            int[] ids = new int[Math.toIntExact(chunk.rows())];
            for (Block block : kinds) {
                if (!rehearsal.goesOn()) {
                    return;
                }
                rehearsal.spend(() -> run(ids, phase, chunk, logits, List.of(block), context, done -> {}));
            }
        }
    }
}
