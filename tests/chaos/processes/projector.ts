import { runProjector } from './run-service';

runProjector();
