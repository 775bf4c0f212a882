package io.sluice.bridge.daemon;

/**
 * A request that is answered with an error of the protocol. The connection ends with it when the
 * request was refused before it had come in whole.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The errors of the protocol. */
    enum Code {
        MALFORMED(400, "send what docs/bridge-protocol.md says for this request"),
        UNAUTHORIZED(401, "send the token of the bridge's token file as a bearer token"),
        FOREIGN_USER(
                403,
                "run the trainer as the bridge's user, or allow this one when the bridge starts"),
        CROSS_ORIGIN(403, "ask from the same machine and not from a browser"),
        UNKNOWN_RUN(404, "connect to the bridge of your run"),
        NO_POOL(404, "start the bridge with the catalog whose documents are to be drawn"),
        UNKNOWN_PATH(404, "see docs/bridge-protocol.md for what can be asked"),
        METHOD(405, "use the method that docs/bridge-protocol.md says"),
        TOO_SLOW(408, "send a request in one go and read its answer"),
        TRAINER_CONNECTED(409, "end the other trainer, or wait until it has gone"),
        ROUND_PASSED(409, "go on with the next round"),
        STEP_NOT_AT_HAND(409, "ask for the steps from the one under way on"),
        RELEASED(409, "go on from a later checkpoint"),
        SESSION_ENDED(410, "start an attempt from the trainer's checkpoint"),
        TOO_LARGE(413, "send less at once"),
        BAD_CHECKPOINT(422, "resume from a checkpoint of this run as the bridge gave it"),
        BAD_SIGNAL(422, "leave out what was not measured properly and tell it as dropped"),
        TOO_MANY_REQUESTS(429, "ask for more steps at once"),
        HEADER_TOO_LARGE(431, "send fewer or shorter headers"),
        INTERNAL(500, "this is a fault of the bridge: see its log"),
        TOO_MANY_CONNECTIONS(503, "close connections that are not used, and try again"),
        STORE(507, "look at the permissions and the free space of the bridge's state folder");

        private final int status;
        private final String remedy;

        Code(int status, String remedy) {
            this.status = status;
            this.remedy = remedy;
        }
    }

    private final Code code;

    Refusal(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** The answer to the client. */
    Answer answer() {
        String name = code == Code.HEADER_TOO_LARGE ? Code.TOO_LARGE.name() : code.name();
        return Answer.json(
                code.status,
                new ErrorForm(new ErrorForm.Body(Json.lowerCase(name), getMessage(), code.remedy)));
    }

    /** An error as it goes over the wire. */
    record ErrorForm(Body error) {

        record Body(String code, String message, String remedy) {}
    }
}
