package dev.flopscope.run;

import dev.flopscope.backend.Products;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.run.Plant.Hands;
import java.util.Optional;

/**
 * Products with a plant in the place of each.
 *
 * @param plant makes some of them wrong
 * @param hands what it has at hand
 */
record PlantedProducts(Plant plant, Hands hands) implements Products {
    @Override
    public void multiply(MatmulSite site, Tensor left, Tensor right, Right rightIs, Tensor result) {
        plant.at(new AskedProduct(site, left, right, Optional.of(rightIs), result), hands);
    }

    @Override
    public void project(MatmulSite site, Tensor left, Tensor weight, Tensor result) {
        plant.at(new AskedProduct(site, left, weight, Optional.empty(), result), hands);
    }
}
