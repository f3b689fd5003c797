package dev.flopscope.forward;

import dev.flopscope.backend.Routing;
import dev.flopscope.backend.Tensor;
import dev.flopscope.config.Activation;
import dev.flopscope.config.FeedForwardConfig;
import dev.flopscope.config.RoutingConfig;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.forward.Activations.Buffer;
import dev.flopscope.time.Operator;
import dev.flopscope.weights.FeedForwardWeights;
import dev.flopscope.weights.Linear;
import java.util.Map;
import java.util.Optional;

/**
 * The feed-forward network of one layer with its parameters.
 *
 * @param layer the layer
 * @param config its width and non-linearity
 * @param weights its parameters, which say whether it has a gate, or is a mixture of experts
 */
record FeedForward(int layer, FeedForwardConfig config, FeedForwardWeights weights) {
    /** The shared expert's weight is the logistic function of its router's only column, for every row. */
    private static final RoutingConfig EVERY_ROW =
            new RoutingConfig(RoutingConfig.Score.SIGMOID, false, 1, 1, 1, false);

    /** The kinds of a gated network's products. */
    private record Kinds(MatmulKind gate, MatmulKind up, MatmulKind down) {
        static final Kinds OWN = new Kinds(MatmulKind.FFN_GATE, MatmulKind.FFN_UP, MatmulKind.FFN_DOWN);
        static final Kinds SHARED = new Kinds(MatmulKind.SHARED_GATE, MatmulKind.SHARED_UP, MatmulKind.SHARED_DOWN);
    }

    /** The buffers that a network needs, and how wide they are. */
    static Map<Buffer, Integer> buffers(FeedForwardConfig config, int dModel) {
        if (config instanceof FeedForwardConfig.Experts mixture) {
            int width = Math.max(mixture.width(), mixture.sharedWidth().orElse(0));
            return Map.of(
                    Buffer.GATE,
                    width,
                    Buffer.UP,
                    width,
                    Buffer.ROUTER,
                    mixture.count(),
                    Buffer.EXPERT_INPUT,
                    dModel,
                    Buffer.EXPERT_OUTPUT,
                    dModel,
                    Buffer.MIXTURE,
                    dModel);
        }
        return config instanceof FeedForwardConfig.Gated
                ? Map.of(Buffer.GATE, config.width(), Buffer.UP, config.width())
                : Map.of(Buffer.UP, config.width());
    }

    /**
     * down(activation(gate(x)) · up(x)), or down(activation(up(x))), or the weighted sum of several of the first.
     *
     * @param x (rows, D)
     * @param room where the result may go; it may be {@code x}
     * @return where it is
     */
    Tensor forward(Pass pass, Tensor x, Tensor room) {
        Activation activation = config.activation();
        if (weights instanceof FeedForwardWeights.Experts experts) {
            return mixture(pass, (FeedForwardConfig.Experts) config, experts, x);
        }
        if (weights instanceof FeedForwardWeights.Plain plain) {
            Tensor up = pass.buffer(Buffer.UP, config.width());
            pass.project(MatmulKind.FFN_UP, layer, x, plain.up(), up);
            pass.operator(Operator.GATE, layer, () -> pass.operators().activate(activation, up));
            pass.project(MatmulKind.FFN_DOWN, layer, up, plain.down(), room);
        } else if (weights instanceof FeedForwardWeights.Gated gated) {
            gated(pass, Kinds.OWN, MatmulSite.NO_EXPERT, gated, x, room);
        }
        return room;
    }

    private void gated(Pass pass, Kinds kinds, int expert, FeedForwardWeights.Gated network, Tensor x, Tensor result) {
        int width = Math.toIntExact(network.up().weight().rows());
        Tensor gate = pass.activations().view(Buffer.GATE, x.rows(), width);
        Tensor up = pass.activations().view(Buffer.UP, x.rows(), width);
        pass.project(new MatmulSite(kinds.gate(), layer, expert), x, network.gate(), gate);
        pass.project(new MatmulSite(kinds.up(), layer, expert), x, network.up(), up);
        pass.operator(Operator.GATE, layer, () -> {
            config.limit().ifPresent(limit -> pass.operators().limitGate(gate, up, limit));
            pass.operators().gate(config.activation(), gate, up);
        });
        pass.project(new MatmulSite(kinds.down(), layer, expert), gate, network.down(), result);
    }

    /** Each expert on the rows that go to it. */
    private Tensor mixture(Pass pass, FeedForwardConfig.Experts mixture, FeedForwardWeights.Experts experts, Tensor x) {
        Tensor sum = pass.buffer(Buffer.MIXTURE, Math.toIntExact(x.columns()));
        Tensor logits = pass.buffer(Buffer.ROUTER, mixture.count());
        pass.project(MatmulKind.ROUTER, layer, x, experts.router(), logits);
        Routing routing = route(pass, logits, mixture.routing(), mixture.perToken(), experts.correction());
        pass.operator(Operator.ROUTING, layer, () -> pass.operators().clear(sum));
        for (int expert = 0; expert < mixture.count(); expert++) {
            int[] rows = routing.rows().get(expert);
            double[] shares = routing.weights().get(expert);
            if (rows.length > 0) {
                Tensor input = pass.activations().view(Buffer.EXPERT_INPUT, rows.length, x.columns());
                Tensor output = pass.activations().view(Buffer.EXPERT_OUTPUT, rows.length, x.columns());
                pass.operator(Operator.ROUTING, layer, () -> pass.operators().gather(x, rows, input));
                gated(pass, Kinds.OWN, expert, experts.experts().get(expert), input, output);
                pass.operator(Operator.ROUTING, layer, () -> pass.operators().addRows(output, rows, shares, sum));
            }
        }
        experts.shared().ifPresent(shared -> addShared(pass, shared, experts.sharedRouter(), x, sum));
        return sum;
    }

    private Routing route(Pass pass, Tensor logits, RoutingConfig routing, int perToken, Optional<Tensor> correction) {
        Routing[] chosen = new Routing[1];
        pass.operator(
                Operator.ROUTING,
                layer,
                () -> chosen[0] = pass.operators().route(logits, routing, perToken, correction));
        return chosen[0];
    }

    private void addShared(Pass pass, FeedForwardWeights.Gated shared, Optional<Linear> router, Tensor x, Tensor sum) {
        Optional<Routing> weighted = router.map(column -> {
            Tensor logit = pass.buffer(Buffer.ROUTER, 1);
            pass.project(MatmulKind.SHARED_ROUTER, layer, x, column, logit);
            return route(pass, logit, EVERY_ROW, 1, Optional.empty());
        });
        Tensor output = pass.buffer(Buffer.EXPERT_OUTPUT, Math.toIntExact(x.columns()));
        gated(pass, Kinds.SHARED, MatmulSite.NO_EXPERT, shared, x, output);
        pass.operator(
                Operator.ROUTING,
                layer,
                () -> weighted.ifPresentOrElse(
                        routing -> pass.operators()
                                .addRows(
                                        output,
                                        routing.rows().get(0),
                                        routing.weights().get(0),
                                        sum),
                        () -> pass.operators().add(sum, output)));
    }
}
