/** One field of a Pre-Command changed at a time. */
package org.postern.simulator.dcc.internal.alter;
