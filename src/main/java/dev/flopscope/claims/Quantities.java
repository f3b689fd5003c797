package dev.flopscope.claims;

import dev.flopscope.convention.Layers;
import dev.flopscope.convention.Ledger;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.flops.Account;
import dev.flopscope.flops.PhaseAccount;
import dev.flopscope.polynomial.Fraction;
import dev.flopscope.terms.LedgerQuantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every quantity that a claim can be about.
 *
 * <p>Most have a fixed name. Three families are made from any of those: {@code decode.total} is the total of the tokens decoded
 * after the prompt, {@code growth.total@1024} is how many times the
 * total is the same model's at a context of 1024, and {@code width_exponent.blocks} is the power of D that the blocks'
 * FLOPs grow with, taken where D, H, K and F double at the same T and d: the binary logarithm of the ratio.
 */
public final class Quantities {
    /** The letters that a formula may have; G is of tokens decoded after a prompt, E and k are of a mixture of experts, N is the number of all parameters. */
    static final List<String> LETTERS = List.of("B", "T", "G", "D", "H", "K", "d", "F", "V", "L", "E", "k", "N");

    private static final String GROWTH = "growth.";
    private static final Pattern GROWTH_NAME = Pattern.compile("growth\\.(.+)@([1-9]\\d{0,8})");
    private static final String WIDTH_EXPONENT = "width_exponent.";
    private static final String DECODE = "decode.";

    private static final Fraction TWO = Fraction.of(2);

    private static final Quantities ALL = new Quantities();

    private final Map<String, Quantity> byName = new LinkedHashMap<>();

    /**
     * Something that can be claimed of a pass.
     *
     * @param name its name in claims files
     * @param meaning in words, with the unit
     * @param evaluation its closed form
     */
    record Quantity(String name, String meaning, LedgerQuantity evaluation) {}

    private Quantities() {
        parameters();
        memory();
        ofOneBlock();
        pass();
        shares();
    }

    /** The names and meanings of all quantities, families last. */
    public static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        ALL.byName.values().forEach(quantity -> meanings.put(quantity.name(), quantity.meaning()));
        meanings.put(GROWTH + "QUANTITY@CONTEXT", "times the same model's quantity at that context");
        meanings.put(DECODE + "QUANTITY", "the same of tokens decoded after the prompt");
        meanings.put(WIDTH_EXPONENT + "QUANTITY", "power of D it grows with when D, H, K and F double");
        return meanings;
    }

    /** The quantity called {@code name}, if there is one. */
    static Optional<Quantity> find(String name) {
        Matcher growth = GROWTH_NAME.matcher(name);
        if (growth.matches()) {
            int context = Integer.parseInt(growth.group(2));
            return ALL.fixed(growth.group(1)).map(quantity -> growth(name, quantity, context));
        }
        if (name.startsWith(WIDTH_EXPONENT)) {
            return ALL.fixed(name.substring(WIDTH_EXPONENT.length())).map(quantity -> widthExponent(name, quantity));
        }
        return name.startsWith(DECODE)
                ? ALL.fixed(name.substring(DECODE.length())).map(quantity -> decoded(name, quantity))
                : ALL.fixed(name);
    }

    private Optional<Quantity> fixed(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static Quantity growth(String name, Quantity of, int context) {
        return new Quantity(
                name,
                of.name() + " over the same at context " + context,
                (account, reading) -> of.evaluation()
                        .of(account, reading)
                        .over(of.evaluation().of(account.atContext(context), reading)));
    }

    private static Quantity widthExponent(String name, Quantity of) {
        return new Quantity(
                name,
                "power of D that " + of.name() + " grows with",
                (account, reading) -> binaryLogarithm(of.evaluation()
                        .of(account.widened(2), reading)
                        .over(of.evaluation().of(account, reading))));
    }

    private static Quantity decoded(String name, Quantity of) {
        return new Quantity(
                name,
                of.name() + " of the tokens decoded after the prompt",
                (account, reading) -> of.evaluation().of(decoding(account), reading));
    }

    /** The decoded tokens as a run of their own, after a prompt that it does not count. */
    private static Account decoding(Account account) {
        PhaseAccount phase = account.decode()
                .orElseThrow(() -> new IllegalArgumentException("nothing is decoded; the claim must have decode"));
        return new Account(
                account.model(), account.attention(), List.of(phase), account.parameters(), account.memory());
    }

    private void add(String name, String meaning, Function<Ledger, Fraction> form) {
        byName.put(name, new Quantity(name, meaning, (account, reading) -> form.apply(reading.apply(account))));
    }

    private void addOfOneBlock(String name, String meaning, Function<Ledger, Fraction> ofAllBlocks) {
        add(name, meaning, ledger -> ledger.ofOneBlock(ofAllBlocks.apply(ledger)));
    }

    private void parameters() {
        String meaning = "parameters of one block";
        add("parameters", "all parameters", Ledger::parameters);
        add("parameters.embedding", "V·D", ledger -> ledger.outside().embedding());
        addOfOneBlock("parameters.block", meaning, Ledger::blocksParameters);
        addOfOneBlock("parameters.block.attention", meaning, ledger -> ledger.ofLayers(Layers::attention));
        addOfOneBlock("parameters.block.feed_forward", meaning, ledger -> ledger.ofLayers(Layers::feedForward));
        addOfOneBlock("parameters.block.norms", meaning, ledger -> ledger.ofLayers(Layers::normsAndBiases));
        add("parameters.blocks", "parameters of all blocks", Ledger::blocksParameters);
        add("parameters.final_norm", "D", ledger -> ledger.outside().finalNorm());
        add(
                "parameters.lm_head",
                "V·D, or 0 if tied",
                ledger -> ledger.outside().lmHead());
    }

    private void memory() {
        memory("weights", "the weights in float32", Ledger::parameters);
        memory("kv_cache", "the keys and values of T tokens in float32", ledger -> ledger.ofLayers(Layers::cache));
    }

    private void memory(String name, String what, Function<Ledger, Fraction> elements) {
        Function<Ledger, Fraction> bytes =
                ledger -> elements.apply(ledger).times(ledger.scale().bytes());
        add(name + "_bytes", "bytes of " + what, bytes);
        add(name + ".bytes", "bytes of " + what, bytes);
        add(
                name + ".gib",
                "GiB of " + what + ", 1024³ bytes each",
                ledger -> bytes.apply(ledger).over(ledger.scale().gibibyte()));
        add(
                name + ".gb",
                "GB of " + what + ", 1000³ bytes each",
                ledger -> bytes.apply(ledger).over(ledger.scale().gigabyte()));
    }

    private void ofOneBlock() {
        String meaning = "FLOPs of one block";
        for (MatmulKind kind : MatmulKind.values()) {
            if (kind.inEveryLayer()) {
                addOfOneBlock("block." + kind.label(), meaning, ledger -> ledger.flops(EnumSet.of(kind)));
            }
        }
        List<MatmulKind> inputs = List.of(MatmulKind.Q_PROJ, MatmulKind.K_PROJ, MatmulKind.V_PROJ);
        List<MatmulKind> gateAndUp = List.of(MatmulKind.FFN_GATE, MatmulKind.FFN_UP);
        addOfOneBlock("block.qkv", meaning, ledger -> ledger.flops(inputs));
        addOfOneBlock("block.ffn_gate_up", meaning, ledger -> ledger.flops(gateAndUp));
        components().forEach((name, form) -> addOfOneBlock("block." + name, meaning, form));
        addOfOneBlock("block", meaning, Ledger::blocksFlops);
    }

    /** Components of the blocks and their FLOPs in all layers. */
    private static Map<String, Function<Ledger, Fraction>> components() {
        List<MatmulKind> weighted = new ArrayList<>(Layers.PROJECTIONS);
        weighted.addAll(Layers.FEED_FORWARD);
        Map<String, Function<Ledger, Fraction>> components = new LinkedHashMap<>();
        components.put("attention_projections", ledger -> ledger.flops(Layers.PROJECTIONS));
        components.put("attention_products", ledger -> ledger.flops(Layers.ATTENTION_PRODUCTS));
        components.put("feed_forward", ledger -> ledger.flops(Layers.FEED_FORWARD));
        components.put("projections_and_feed_forward", ledger -> ledger.flops(weighted));
        return components;
    }

    private void pass() {
        components().forEach((name, form) -> add(name, "FLOPs of all blocks", form));
        add("blocks", "FLOPs of all blocks", Ledger::blocksFlops);
        add("lm_head", "FLOPs of the LM head", ledger -> ledger.flops(ledger.head()));
        add("total", "FLOPs of the pass", Ledger::totalFlops);
        add(
                "total_per_token",
                "FLOPs of the pass for each token",
                ledger -> ledger.totalFlops().over(ledger.scale().tokens()));
    }

    private void shares() {
        List<String> components = new ArrayList<>(components().keySet());
        for (String name : components) {
            share("share_of_block." + name, "block." + name, "block");
        }
        components.addAll(List.of("blocks", "lm_head"));
        for (String name : components) {
            share("share." + name, name, "total");
        }
    }

    private void share(String name, String part, String whole) {
        Quantity numerator = fixed(part).orElseThrow();
        Quantity denominator = fixed(whole).orElseThrow();
        byName.put(
                name,
                new Quantity(
                        name,
                        "percent of " + whole,
                        (account, reading) -> numerator
                                .evaluation()
                                .of(account, reading)
                                .times(100)
                                .over(denominator.evaluation().of(account, reading))));
    }

    /**
     * log₂ of {@code ratio}: exact where the ratio is a power of two, else accurate to about 15 digits.
     *
     * @throws ArithmeticException if the ratio is not positive
     */
    static Fraction binaryLogarithm(Fraction ratio) {
        if (ratio.signum() <= 0) {
            throw new ArithmeticException("no logarithm of " + ratio.decimal().toPlainString());
        }
        int power = 0;
        Fraction rest = ratio;
        while (rest.compareTo(TWO) >= 0) {
            rest = rest.over(TWO);
            power++;
        }
        while (rest.compareTo(Fraction.ONE) < 0) {
            rest = rest.times(TWO);
            power--;
        }
        double fraction = Math.log(rest.decimal().doubleValue()) / Math.log(2);
        return Fraction.of(BigDecimal.valueOf(fraction)).plus(Fraction.of(power));
    }
}
