package dev.flopscope.flops;

import dev.flopscope.config.Attention;
import dev.flopscope.config.BlockConfig;
import dev.flopscope.config.ModelConfig;
import dev.flopscope.config.Phase;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The products of one phase in closed form, site by site.
 *
 * @param phase the chunks
 * @param layers the products of each layer in the order of a pass; layers whose blocks are the same share one list
 * @param head the LM head's product; empty for a chunk alone that has no logits
 * @param kinds the products by kind, all layers together, in the order of a pass
 * @param usefulAttentionFlops FLOPs of the attention products that no mask makes useless
 */
public record PhaseAccount(
        Phase phase,
        List<List<ProductForm>> layers,
        Optional<ProductForm> head,
        List<KindAccount> kinds,
        long usefulAttentionFlops) {
    /** Keeps copies of the lists. */
    public PhaseAccount {
        layers = List.copyOf(layers);
        kinds = List.copyOf(kinds);
    }

    /**
     * Works out the closed forms.
     *
     * @param hasLogits whether there is an LM head's product at all
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    static PhaseAccount of(ModelConfig model, Phase phase, Attention attention, boolean hasLogits) {
        Map<BlockConfig, List<ProductForm>> known = new HashMap<>();
        List<List<ProductForm>> layers = new ArrayList<>(model.numLayers());
        long useful = 0;
        for (BlockConfig block : model.blocks()) {
            layers.add(known.computeIfAbsent(block, missing -> block(missing, model.dModel(), phase, attention)));
            useful = Exact.sum(useful, new AttentionForms(block.attention(), model.dModel()).usefulFlops(phase));
        }
        Optional<ProductForm> head = hasLogits ? Optional.of(new HeadForms(model).product(phase)) : Optional.empty();
        PhaseAccount account = new PhaseAccount(phase, layers, head, kinds(layers, head), useful);
        account.flops();
        account.compulsoryBytes();
        return account;
    }

    /**
     * The closed forms of a phase by itself.
     *
     * @throws ArithmeticException if a count exceeds 2⁶³−1
     */
    public static PhaseAccount of(ModelConfig model, Phase phase, Attention attention) {
        return of(model, phase, attention, true);
    }

    private static List<ProductForm> block(BlockConfig block, int dModel, Phase phase, Attention attention) {
        List<ProductForm> forms = new ArrayList<>();
        forms.addAll(new AttentionForms(block.attention(), dModel).products(phase, attention));
        forms.addAll(new FeedForwardForms(block.feedForward(), dModel).products(phase));
        return List.copyOf(forms);
    }

    /** Layers of one block are found by the list that they share: a long decode has a shape a token, slow to compare. */
    private static List<KindAccount> kinds(List<List<ProductForm>> layers, Optional<ProductForm> head) {
        IdentityHashMap<List<ProductForm>, Integer> layersByBlock = new IdentityHashMap<>();
        layers.forEach(forms -> layersByBlock.merge(forms, 1, Integer::sum));
        Map<MatmulKind, Map<ProductForm, Integer>> kinds = new TreeMap<>();
        for (List<ProductForm> forms : layers) {
            Integer times = layersByBlock.remove(forms);
            if (times != null) {
                forms.forEach(form -> kinds.computeIfAbsent(form.kind(), kind -> new LinkedHashMap<>())
                        .merge(form, times, Integer::sum));
            }
        }
        head.ifPresent(form -> kinds.put(MatmulKind.LM_HEAD, Map.of(form, 1)));
        return kinds.values().stream().map(KindAccount::of).toList();
    }

    /** Every site, in the order of a pass. */
    public List<SiteAccount> sites() {
        List<SiteAccount> sites = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            for (ProductForm form : layers.get(layer)) {
                sites.add(new SiteAccount(new MatmulSite(form.kind(), layer), form));
            }
        }
        head.ifPresent(form -> sites.add(new SiteAccount(MatmulSite.lmHead(), form)));
        return sites;
    }

    /** How many chunks there are. */
    public int steps() {
        return phase.steps();
    }

    /** The products of {@code kind}, if the model has any. */
    public Optional<KindAccount> kind(MatmulKind kind) {
        return kinds.stream().filter(account -> account.kind() == kind).findFirst();
    }

    /** FLOPs by component. */
    public Components components() {
        return Components.of(kinds);
    }

    /** FLOPs of the phase. */
    public long flops() {
        return Exact.sum(kinds.stream().mapToLong(KindAccount::flops).toArray());
    }

    /** Compulsory traffic of the phase in bytes: the operands of each product are read once, its result is written once. */
    public long compulsoryBytes() {
        return Exact.sum(kinds.stream().mapToLong(KindAccount::compulsoryBytes).toArray());
    }

    /** FLOPs of the first block, which is any block of a uniform model. */
    public long blockFlops() {
        return Exact.sum(layers.get(0).stream().mapToLong(ProductForm::flops).toArray());
    }
}
