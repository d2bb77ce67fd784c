package org.postern.simulator.dcc;

import java.util.Locale;
import java.util.Optional;

/** The faults that the simulator can play. The written name is the constant's in lower case with dashes. */
public enum FaultKind {
    /** Waits before answering; argument: milliseconds. */
    DELAY(Stage.EXCHANGE),
    /** Accepts, and then closes the connection without an answer. */
    DROP_ANSWER(Stage.EXCHANGE),
    /** Answers HTTP 503 and accepts nothing; argument: seconds for Retry-After, optional. */
    HTTP_503(Stage.EXCHANGE),
    /** Closes every connection without reading; argument: for how many seconds from the first one. */
    UNREACHABLE(Stage.EXCHANGE),
    /** Accepts, and then answers HTTP 200 with bytes that are no document. */
    GARBAGE(Stage.EXCHANGE),
    /** Refuses with a response code; argument: the code. */
    ERROR_CODE(Stage.EXCHANGE),
    /** Has a device answer a command that it could not carry out, and do nothing. */
    DEVICE_FAILURE(Stage.DEVICE),
    /**
     * Has a device report that it did not carry out an instruction of a future-dated command; argument: which, from 1;
     * the last if absent.
     */
    NOT_ACTIONED(Stage.DEVICE),
    /** Changes one field of a Pre-Command; argument: which, see {@code PreCommandAlteration}; optional. */
    ALTER_PRE_COMMAND(Stage.EXCHANGE),
    /**
     * Gives the Pre-Command of another request, with one field changed, in place of the right one; argument: which
     * field, optional.
     */
    FOREIGN_PRE_COMMAND(Stage.EXCHANGE),
    /**
     * After a device's answer, sends another signed one to the same command: the device's that it failed, or with an
     * argument that code alone.
     */
    CONTRADICT(Stage.DEVICE),
    /** Before a device's answer, sends the latest answer of another device as its own. */
    OTHER_DEVICE(Stage.DEVICE),
    /** Sends a device's answer under a code that does not fit it; argument: the code, E21 if absent. */
    WRONG_CODE(Stage.DEVICE),
    /** Signs the answer wrongly. */
    WRONG_SIGNATURE(Stage.BOTH),
    /** Signs with a right key of the wrong party: a Pre-Command by the ACB, anything else by Transform. */
    WRONG_SIGNER(Stage.BOTH),
    /** Sends a callback once more after it was acknowledged; argument: how many times more, 1 if absent. */
    DUPLICATE(Stage.CALLBACK),
    /** Withholds a callback until the next one was sent. */
    REORDER(Stage.CALLBACK),
    /** Sends a callback late; argument: milliseconds. */
    DELAY_CALLBACK(Stage.CALLBACK),
    /** Never sends a callback. */
    DROP_CALLBACK(Stage.CALLBACK);

    /** Where a fault applies. */
    public enum Stage {
        /** In the HTTP exchange of one of the three services. */
        EXCHANGE,
        /** In what a device does with a command. */
        DEVICE,
        /** In a callback to the User's Receive Response service. */
        CALLBACK,
        /** In an exchange or a callback. */
        BOTH
    }

    private final Stage stage;

    FaultKind(Stage stage) {
        this.stage = stage;
    }

    /** Where it applies. */
    public Stage stage() {
        return stage;
    }

    /** The written name, for example {@code drop-answer}. */
    public String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind of that written name. */
    public static Optional<FaultKind> of(String written) {
        for (FaultKind kind : values()) {
            if (kind.written().equals(written)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
