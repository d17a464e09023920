package io.lanewise.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Operators that compute each element of its own. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void register(final Map<String, Operator> operators) {
        unary(operators);
        activations(operators);
        arithmetic(operators);
        logic(operators);
    }

    private static void unary(final Map<String, Operator> operators) {
        unary(operators, "Abs", Math::abs);
        unary(operators, "Neg", x -> -x);
        unary(operators, "Exp", StrictMath::exp);
        unary(operators, "Log", StrictMath::log);
        unary(operators, "Sqrt", Math::sqrt);
        unary(operators, "Reciprocal", x -> 1 / x);
        unary(operators, "Erf", Functions::erf);
        unary(operators, "Tanh", StrictMath::tanh);
        unary(operators, "Sign", Math::signum);
        rounding(operators, "Floor", Math::floor);
        rounding(operators, "Ceil", Math::ceil);
        rounding(operators, "Round", Math::rint);
        predicate(operators, "IsNaN", Double::isNaN);
    }

    private static void activations(final Map<String, Operator> operators) {
        unary(operators, "Sigmoid", Functions::sigmoid);
        unary(operators, "Relu", x -> Math.max(x, 0));
        unary(operators, "Softplus", Functions::softplus);
        unary(operators, "Softsign", x -> x / (1 + Math.abs(x)));
        unary(operators, "HardSwish", Functions::hardSwish);
        unary(operators, "Mish", x -> x * StrictMath.tanh(Functions.softplus(x)));
        operators.put("LeakyRelu", (op, x) -> {
            final double slope = op.real("alpha", 0.01f);
            return map(op, x, v -> Functions.leaky(v, slope));
        });
        operators.put("ThresholdedRelu", (op, x) -> {
            final double alpha = op.real("alpha", 1);
            return map(op, x, v -> v > alpha ? v : 0);
        });
        operators.put("Elu", (op, x) -> {
            final double alpha = op.real("alpha", 1);
            return map(op, x, v -> Functions.elu(v, alpha));
        });
        operators.put("Celu", (op, x) -> {
            final double alpha = op.real("alpha", 1);
            return map(op, x, v -> Functions.celu(v, alpha));
        });
        operators.put(
                "Selu",
                (op, x) ->
                        map(op, x, v -> Functions.selu(v, op.real("alpha", 1.6732632f), op.real("gamma", 1.050701f))));
        operators.put("HardSigmoid", (op, x) -> {
            final double alpha = op.real("alpha", 0.2f);
            final double beta = op.real("beta", 0.5f);
            return map(op, x, v -> Functions.hardSigmoid(v, alpha, beta));
        });
        operators.put(
                "Gelu",
                (op, x) -> map(
                        op, x, op.text("approximate", "none").equals("tanh") ? Functions::geluTanh : Functions::gelu));
        operators.put("Swish", (op, x) -> {
            final double alpha = op.real("alpha", 1);
            return map(op, x, v -> Functions.silu(v, alpha));
        });
        operators.put("Clip", (op, x) -> {
            final double least = op.version() < 11
                    ? op.real("min", Double.NEGATIVE_INFINITY)
                    : x.scalar(1, Double.NEGATIVE_INFINITY);
            final double most = op.version() < 11
                    ? op.real("max", Double.POSITIVE_INFINITY)
                    : x.scalar(2, Double.POSITIVE_INFINITY);
            return map(op, x, v -> Functions.clip(v, least, most));
        });
        operators.put(
                "PRelu", (op, x) -> List.of(real(op, x.get(0), x.get(1), (v, slope) -> Functions.leaky(v, slope))));
    }

    private static void arithmetic(final Map<String, Operator> operators) {
        binary(operators, "Add", Double::sum, Long::sum);
        binary(operators, "Sub", (a, b) -> a - b, (a, b) -> a - b);
        binary(operators, "Mul", (a, b) -> a * b, (a, b) -> a * b);
        binary(operators, "Div", (a, b) -> a / b, ElementwiseOperators::quotient);
        binary(operators, "Max", Math::max, Math::max);
        binary(operators, "Min", Math::min, Math::min);
        binary(operators, "Sum", Double::sum, Long::sum);
        operators.put("Pow", (op, x) -> {
            final Tensor base = x.get(0);
            final Tensor power = Broadcast.reals(
                    op.budget(),
                    base.type().isReal() ? base.type() : ElementType.DOUBLE,
                    base,
                    x.get(1),
                    StrictMath::pow);
            return List.of(power.cast(base.type()));
        });
        operators.put("Mean", (op, x) -> {
            Tensor sum = x.get(0);
            for (int i = 1; i < x.count(); i++) {
                sum = real(op, sum, x.get(i), Double::sum);
            }
            final int count = x.count();
            return List.of(sum.map(v -> v / count));
        });
    }

    private static void logic(final Map<String, Operator> operators) {
        comparison(operators, "Greater", (a, b) -> a > b ? 1 : 0);
        comparison(operators, "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0);
        comparison(operators, "Less", (a, b) -> a < b ? 1 : 0);
        comparison(operators, "LessOrEqual", (a, b) -> a <= b ? 1 : 0);
        comparison(operators, "Equal", (a, b) -> a == b ? 1 : 0);
        truth(operators, "And", (a, b) -> a & b);
        truth(operators, "Or", (a, b) -> a | b);
        truth(operators, "Xor", (a, b) -> a ^ b);
        operators.put("Not", (op, x) -> {
            final Tensor not = Tensor.ofIntegers(ElementType.BOOL, new long[] {1});
            return List.of(Broadcast.integers(op.budget(), ElementType.BOOL, x.get(0), not, (a, b) -> a ^ b));
        });
        operators.put("Where", (op, x) -> {
            final int[] shape = Broadcast.shape(
                    x.get(0).shape(), Broadcast.shape(x.get(1).shape(), x.get(2).shape()));
            final Tensor condition = Broadcast.to(x.get(0), op.budget(), shape);
            final Tensor yes = Broadcast.to(x.get(1), op.budget(), shape);
            final Tensor no = Broadcast.to(x.get(2), op.budget(), shape);
            if (yes.type().isReal()) {
                final double[] values = new double[op.budget().take(shape)];
                Arrays.setAll(values, i -> condition.integer(i) != 0 ? yes.real(i) : no.real(i));
                return List.of(Tensor.ofReals(yes.type(), values, shape));
            }
            final long[] values = new long[op.budget().take(shape)];
            Arrays.setAll(values, i -> condition.integer(i) != 0 ? yes.integer(i) : no.integer(i));
            return List.of(Tensor.ofIntegers(yes.type(), values, shape));
        });
    }

    private static long quotient(final long a, final long b) {
        if (b == 0) {
            throw new Refusal("expected a divisor other than 0");
        }
        return a / b;
    }

    private static List<Tensor> map(final Op op, final Operands x, final DoubleUnaryOperator f) {
        op.budget().take(x.get(0).shape());
        return List.of(x.get(0).map(f));
    }

    private static void unary(final Map<String, Operator> operators, final String name, final DoubleUnaryOperator f) {
        operators.put(name, (op, x) -> {
            final Tensor value = map(op, x, f).getFirst();
            final Tensor operand = x.get(0);
            return List.of(operand.type().isReal() ? value : value.cast(operand.type()));
        });
    }

    /** Of what the operand's type can hold: an error of the last digit may be one of a whole number. */
    private static void rounding(
            final Map<String, Operator> operators, final String name, final DoubleUnaryOperator f) {
        operators.put(name, (op, x) -> {
            final ElementType type = x.get(0).type();
            final Tensor value = map(op, x, v -> f.applyAsDouble(type.round(v))).getFirst();
            return List.of(type.isReal() ? value : value.cast(type));
        });
    }

    private static void predicate(final Map<String, Operator> operators, final String name, final DoublePredicate f) {
        operators.put(
                name,
                (op, x) -> List.of(map(op, x, v -> f.test(v) ? 1 : 0).getFirst().cast(ElementType.BOOL)));
    }

    private static Tensor real(final Op op, final Tensor a, final Tensor b, final DoubleBinaryOperator f) {
        return Broadcast.reals(op.budget(), a.type(), a, b, f);
    }

    /** Of two operands, or one after the other. */
    private static void binary(
            final Map<String, Operator> operators,
            final String name,
            final DoubleBinaryOperator f,
            final LongBinaryOperator integers) {
        operators.put(name, (op, x) -> {
            Tensor value = x.get(0);
            for (int i = 1; i < x.count(); i++) {
                value = value.type().isReal()
                        ? real(op, value, x.get(i), f)
                        : Broadcast.integers(op.budget(), value.type(), value, x.get(i), integers);
            }
            return List.of(value);
        });
    }

    private static void comparison(
            final Map<String, Operator> operators, final String name, final DoubleBinaryOperator f) {
        operators.put(
                name,
                (op, x) -> List.of(Broadcast.reals(op.budget(), ElementType.DOUBLE, x.get(0), x.get(1), f)
                        .cast(ElementType.BOOL)));
    }

    private static void truth(final Map<String, Operator> operators, final String name, final LongBinaryOperator f) {
        operators.put(
                name, (op, x) -> List.of(Broadcast.integers(op.budget(), ElementType.BOOL, x.get(0), x.get(1), f)));
    }
}
