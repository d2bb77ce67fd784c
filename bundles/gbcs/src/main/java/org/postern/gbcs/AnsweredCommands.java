package org.postern.gbcs;

import java.util.List;
import java.util.Optional;

/** Finds the commands that a response may answer, by the message code of the response. */
@FunctionalInterface
public interface AnsweredCommands {

    /** The command is unknown: the response is checked only against its use case. */
    AnsweredCommands UNKNOWN = messageCode -> Optional.empty();

    /**
     * The commands, each with or without signature and MAC.
     *
     * @param messageCode message code of the response, 0 to FFFF
     * @return empty where the command is unknown; an empty list where there was no command with that message code
     */
    Optional<List<GbcsMessage>> of(int messageCode);

    /** This command only, for any message code; {@link #UNKNOWN} where there is none. */
    static AnsweredCommands of(Optional<GbcsMessage> command) {
        return command.map(List::of)
                .<AnsweredCommands>map(only -> messageCode -> Optional.of(only))
                .orElse(UNKNOWN);
    }
}
