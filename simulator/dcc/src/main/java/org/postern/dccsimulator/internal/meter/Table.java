package org.postern.dccsimulator.internal.meter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.dccsimulator.Simulator;
import org.postern.dccsimulator.SimulatorFault;

/** A tab-separated resource of this bundle: comment lines, one line of column names, rows. */
public final class Table {

    private Table() {}

    /**
     * The rows.
     *
     * @throws PosternException PST-9005 naming file and line where a row has another number of columns
     */
    public static List<String[]> rows(String name) {
        List<String[]> rows = new ArrayList<>();
        try (InputStream in = Simulator.class.getResourceAsStream(name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int columns = 0;
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.startsWith("#") || line.isBlank()) {
                    continue;
                }
                String[] row = line.split("\t", -1);
                if (columns == 0) {
                    columns = row.length;
                } else if (row.length != columns) {
                    throw new PosternException(SimulatorFault.TABLE_BROKEN.fault(
                            name + ":" + number, columns + " columns", row.length + " columns", "correct the table"));
                } else {
                    rows.add(row);
                }
            }
        } catch (IOException e) {
            throw new PosternException(
                    SimulatorFault.TABLE_BROKEN.fault(name, "a readable table", "cannot be read", "rebuild the bundle"),
                    e);
        }
        return rows;
    }
}
