package io.sluice.djl;

/**
 * Losses of a set of tokens.
 *
 * @param tokens how many
 * @param sum sum of their losses, in nats
 * @param squareSum sum of their squared losses
 */
record TokenLosses(long tokens, double sum, double squareSum) {

    static final TokenLosses NONE = new TokenLosses(0, 0, 0);

    static TokenLosses of(float[] losses) {
        double sum = 0;
        double squareSum = 0;
        for (float loss : losses) {
            sum += loss;
            squareSum += (double) loss * loss;
        }
        return new TokenLosses(losses.length, sum, squareSum);
    }

    TokenLosses plus(TokenLosses other) {
        return new TokenLosses(tokens + other.tokens, sum + other.sum, squareSum + other.squareSum);
    }

    /** Nats per token. */
    double mean() {
        return sum / tokens;
    }
}
