package dev.flopscope.observe;

import dev.flopscope.count.MatmulShape;
import dev.flopscope.count.MatmulSite;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** One matrix product. */
@Name(MatrixProductEvent.NAME)
@Label("Matrix Product")
@Description("One matrix product of a transformer's pass, (m×k)·(k×n)")
@Category("Flopscope")
@StackTrace(false)
@Threshold("0 ns")
final class MatrixProductEvent extends Event implements FlightEvents.ProductSpan {
    static final String NAME = "dev.flopscope.MatrixProduct";

    @Label("Kind")
    @Description("Which product of a layer: q_proj, attn_scores, ffn_down, ...")
    String kind = "";

    @Label("Layer")
    @Description("From 0; -1 for the LM head")
    int layer;

    @Label("Expert")
    @Description("From 0; -1 for a product that belongs to no expert")
    int expert;

    @Label("m")
    @Description("Rows of the result")
    long m;

    @Label("k")
    @Description("The extent summed over")
    long k;

    @Label("n")
    @Description("Columns of the result")
    long n;

    @Label("Batch")
    @Description("How many products of this shape one call of a library computed")
    long batch;

    @Label("FLOPs")
    @Description("2·m·k·n of each product of the batch: a multiply-add is two")
    long flops;

    @Override
    public void ended(MatmulSite site, MatmulShape shape, long products) {
        end();
        if (shouldCommit()) {
            kind = site.kind().label();
            layer = site.layer();
            expert = site.expert();
            m = shape.m();
            k = shape.k();
            n = shape.n();
            batch = products;
            flops = Math.multiplyExact(products, shape.flops());
            commit();
        }
    }
}
