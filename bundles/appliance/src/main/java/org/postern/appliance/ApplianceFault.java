package org.postern.appliance;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of what the appliance lets doors and commands open, PST-7095 to PST-7199. */
public enum ApplianceFault implements FaultCode {
    FILE_NOT_OPEN(stays(
            "PST-7095",
            OPERATOR,
            "a file that a command or interface may not open, or that cannot be read",
            "a regular file with one name in a folder that is open to commands, none of Postern's own",
            "copy it there")),
    FILE_NOT_WRITTEN(stays(
            "PST-7096",
            OPERATOR,
            "a file that a command may not write, or that is there already",
            "the name of a new file, which is made in the export folder",
            "give another name")),
    STALE_SETTINGS(stays(
            "PST-7101",
            OPERATOR,
            "settings whose file is no longer there; they are dropped at the start",
            "settings come from their file",
            "put the file back if it went by mistake")),
    SETTING_REFUSED(stays(
            "PST-7102",
            OPERATOR,
            "a wrong setting; nothing of its file is taken, and what was in force stays",
            "the type, range and form of docs/settings.md",
            "correct the value in the file")),
    SETTINGS_HELD(stays(
            "PST-7104",
            OPERATOR,
            "a wrong setting where none was in force before; the part has no settings and does not start",
            "the type, range and form of docs/settings.md",
            "correct the value in the file")),
    SETTING_UNKNOWN(stays(
            "PST-7105",
            OPERATOR,
            "a file has a setting that the part does not know; it has no effect",
            "the settings of docs/settings.md",
            "correct its name, or take it out")),
    SETTINGS_NOT_KEPT(stays(
            "PST-7106",
            OPERATOR,
            "settings that are in force cannot be kept for a start after clean or an upgrade",
            "the folder settings/ of the state can be written",
            "make room on the disk, or put its owner and mode right")),
    SETTING_RENAMED(stays(
            "PST-7107",
            OPERATOR,
            "a file has a setting under the name that it had in the release before",
            "the settings of docs/settings.md",
            "write its present name")),
    JAR_UNREADABLE(stays(
            "PST-7110",
            OPERATOR,
            "a file in deploy/ that is called a jar and is none, or is cut off; it is not installed",
            "a whole jar",
            "copy it there again, or remove it"));

    private final FaultEntry entry;

    ApplianceFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
